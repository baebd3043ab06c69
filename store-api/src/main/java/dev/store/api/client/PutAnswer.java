package dev.store.api.client;

import dev.store.api.v1.PutResult;
import java.util.Optional;

/**
 * The answer to a put.
 *
 * @param previous the entry before the put, if it was asked for and there was one
 * @param key the whole key of a sequential put; empty for others
 */
public record PutAnswer(Header header, Optional<Entry> previous, Bytes key) implements OpAnswer {
    static PutAnswer of(Header header, PutResult result) {
        return new PutAnswer(
                header,
                result.hasPrevious() ? Optional.of(Entry.of(result.getPrevious())) : Optional.empty(),
                Bytes.of(result.getKey()));
    }
}
