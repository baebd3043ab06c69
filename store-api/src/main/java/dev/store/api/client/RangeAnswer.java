package dev.store.api.client;

import dev.store.api.v1.RangeResult;
import java.util.List;

/**
 * One page of a range.
 *
 * @param entries the entries, in the order asked for
 * @param count number of all matching keys if it was asked for or the page is all there is; else -1
 * @param more whether more entries match than were returned
 * @param continuation where the next page starts ({@link RangeOp#after}); empty if there is none
 * @param revision the revision that was read; older than the header's if an older one was asked for
 */
public record RangeAnswer(
        Header header, List<Entry> entries, long count, boolean more, Bytes continuation, long revision)
        implements OpAnswer {
    public RangeAnswer {
        entries = List.copyOf(entries);
    }

    static RangeAnswer of(Header header, RangeResult result) {
        return new RangeAnswer(
                header,
                Entry.listOf(result.getEntriesList()),
                result.getCount(),
                result.getMore(),
                Bytes.of(result.getContinuation()),
                result.getRevision() == 0 ? header.revision() : result.getRevision());
    }
}
