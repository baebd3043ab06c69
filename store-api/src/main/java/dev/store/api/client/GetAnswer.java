package dev.store.api.client;

import dev.store.api.v1.GetResponse;
import java.util.Optional;

/**
 * The answer to a read of one key.
 *
 * @param entry the entry; empty if the key does not exist at the revision
 */
public record GetAnswer(Header header, Optional<Entry> entry) implements Versioned {
    /** The value as text; empty if the key does not exist. */
    public Optional<String> utf8() {
        return entry.map(Entry::utf8);
    }

    static GetAnswer of(GetResponse response) {
        return new GetAnswer(
                Header.of(response.getHeader()),
                response.hasEntry() ? Optional.of(Entry.of(response.getEntry())) : Optional.empty());
    }
}
