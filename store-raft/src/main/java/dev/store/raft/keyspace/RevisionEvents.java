package dev.store.raft.keyspace;

import java.util.List;

/**
 * All changes of one revision, in the order of the transaction that made them.
 *
 * @param revision the revision
 * @param events at least one change
 */
public record RevisionEvents(long revision, List<KeyEvent> events) {
    public RevisionEvents {
        events = List.copyOf(events);
        if (events.isEmpty()) {
            throw new IllegalArgumentException("events: none at revision " + revision + " (expected: at least one)");
        }
    }

    /** Bytes of all changes. */
    public long sizeBytes() {
        long bytes = 0;
        for (KeyEvent event : events) {
            bytes += event.sizeBytes();
        }
        return bytes;
    }
}
