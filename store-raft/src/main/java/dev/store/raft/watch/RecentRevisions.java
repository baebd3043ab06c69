package dev.store.raft.watch;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last revisions, without a hole, bounded by bytes: what late watchers read instead of storage. Written by the
 * dispatcher, read by many.
 */
final class RecentRevisions {
    private final long maxBytes;

    // Invariant: revision r of [first, first + count) is at ring[r & mask]; the ring's length is a power of two.
    private @Nullable SharedRevision[] ring = new SharedRevision[1024];
    private long first;
    private int count;
    private long bytes;

    /** @param lastRevision the revision before the first one that will be added */
    RecentRevisions(long maxBytes, long lastRevision) {
        this.maxBytes = maxBytes;
        this.first = lastRevision + 1;
    }

    /** Adds the revision after the last one; forgets the oldest ones past the bound, but never the newest. */
    synchronized void add(SharedRevision revision) {
        if (revision.revision() != first + count) {
            throw new IllegalStateException(
                    "revision: " + revision.revision() + " (expected: " + (first + count) + ", the next one)");
        }
        if (count == ring.length) {
            grow();
        }
        ring[slot(revision.revision())] = revision;
        count++;
        bytes += revision.bytes();
        while (bytes > maxBytes && count > 1) {
            SharedRevision oldest = at(first);
            ring[slot(first)] = null;
            first++;
            count--;
            bytes -= oldest.bytes();
        }
    }

    /** Forgets everything; the next one added is the one after this revision. */
    synchronized void restart(long lastRevision) {
        ring = new SharedRevision[1024];
        first = lastRevision + 1;
        count = 0;
        bytes = 0;
    }

    /** Whether everything from this revision on is remembered. */
    synchronized boolean reaches(long revision) {
        return revision >= first;
    }

    /**
     * Revisions from this one on, at most so many; empty if there are none yet, null if they are no longer remembered.
     */
    synchronized @Nullable List<SharedRevision> from(long revision, int max) {
        if (revision < first) {
            return null;
        }
        List<SharedRevision> found = new ArrayList<>();
        for (long r = revision; r < first + count && found.size() < max; r++) {
            found.add(at(r));
        }
        return found;
    }

    synchronized long bytes() {
        return bytes;
    }

    synchronized int size() {
        return count;
    }

    private SharedRevision at(long revision) {
        SharedRevision found = ring[slot(revision)];
        if (found == null) {
            throw new IllegalStateException("revision: " + revision + " is not remembered");
        }
        return found;
    }

    private int slot(long revision) {
        return (int) (revision & (ring.length - 1));
    }

    private void grow() {
        @Nullable SharedRevision[] larger = new SharedRevision[ring.length * 2];
        for (long r = first; r < first + count; r++) {
            larger[(int) (r & (larger.length - 1))] = at(r);
        }
        ring = larger;
    }
}
