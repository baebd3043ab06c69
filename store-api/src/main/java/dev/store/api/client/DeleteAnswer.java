package dev.store.api.client;

import dev.store.api.v1.DeleteResult;
import java.util.List;

/**
 * The answer to a deletion.
 *
 * @param deleted how many keys were deleted
 * @param previous the deleted entries in ascending key order, if they were asked for
 */
public record DeleteAnswer(Header header, long deleted, List<Entry> previous) implements OpAnswer {
    public DeleteAnswer {
        previous = List.copyOf(previous);
    }

    static DeleteAnswer of(Header header, DeleteResult result) {
        return new DeleteAnswer(header, result.getDeleted(), Entry.listOf(result.getPreviousList()));
    }
}
