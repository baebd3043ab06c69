package dev.store.raft.watch;

import dev.store.raft.keyspace.KeyRange;
import java.time.Duration;
import java.util.Objects;

/**
 * What a watcher wants to see.
 *
 * @param range keys
 * @param startRevision first revision, inclusive; 0 for the one after the current revision
 * @param puts whether PUT events are wanted
 * @param deletes whether DELETE events are wanted
 * @param previous whether events carry the entry before the change
 * @param fragment whether one revision may be split over several outputs
 * @param snapshot whether the present entries come first
 * @param progressInterval idle time after which progress is sent; zero for never
 * @param encoding form of the events
 */
public record WatchSpec(
        KeyRange range,
        long startRevision,
        boolean puts,
        boolean deletes,
        boolean previous,
        boolean fragment,
        boolean snapshot,
        Duration progressInterval,
        EventEncoding encoding) {

    public WatchSpec {
        Objects.requireNonNull(range, "range");
        Objects.requireNonNull(progressInterval, "progressInterval");
        Objects.requireNonNull(encoding, "encoding");
        if (startRevision < 0) {
            throw new IllegalArgumentException("startRevision: " + startRevision + " (expected: >= 0)");
        }
        if (snapshot && startRevision != 0) {
            throw new IllegalArgumentException(
                    "startRevision: " + startRevision + " (expected: 0 together with snapshot)");
        }
    }
}
