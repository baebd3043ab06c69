package dev.store.server.etcd;

import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The answer to a request for the progress of a whole stream: a revision up to which every watch of it has been sent
 * everything. Told too early it would make clients skip events (etcd #15237), so each watch must have answered for
 * itself, and those whose start lies ahead bound the revision.
 */
final class StreamProgress {
    private final Set<Long> owing = new HashSet<>();
    private final long asked;
    private long least = Long.MAX_VALUE;
    private long bound = Long.MAX_VALUE;

    /** @param asked the revision that was current when progress was asked for */
    StreamProgress(long asked) {
        this.asked = asked;
    }

    /** A watch that must answer first. */
    void awaits(long watchId) {
        owing.add(watchId);
    }

    /** A watch that has nothing before a revision. */
    void startsAt(long startRevision) {
        bound = Math.min(bound, startRevision - 1);
    }

    /** A watch has been sent everything up to a revision; false if its answer was not awaited. */
    boolean reached(long watchId, long revision) {
        if (!owing.remove(watchId)) {
            return false;
        }
        least = Math.min(least, revision);
        return true;
    }

    /** A watch has ended. */
    void ended(long watchId) {
        owing.remove(watchId);
    }

    /** The revision, once all have answered. */
    OptionalLong complete() {
        if (!owing.isEmpty()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Math.min(least == Long.MAX_VALUE ? asked : least, bound));
    }
}
