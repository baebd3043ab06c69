package dev.store.server.retention;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Decides up to which revision history is to be forgotten: what is older than a time, or further back than a number of
 * revisions, whichever forgets more. Not safe for use by several threads.
 *
 * <p>Time is measured by samples of (monotonic time, revision) that the node takes while it runs: it forgets nothing by
 * age that it did not see grow old.
 */
final class RetentionPlan {
    /** Samples kept; with more, every second one is dropped, which makes the age coarser but never too short. */
    private static final int MAX_SAMPLES = 4_096;

    private final long keepNanos;
    private final long keepRevisions;
    private final Deque<Sample> samples = new ArrayDeque<>();

    /**
     * Makes the plan.
     *
     * @param keepTime age past which versions are forgotten; zero for never
     * @param keepRevisions distance past which versions are forgotten; 0 for never
     */
    RetentionPlan(Duration keepTime, long keepRevisions) {
        this.keepNanos = keepTime.toNanos();
        this.keepRevisions = keepRevisions;
    }

    /** Notes the revision that is current now. */
    void observe(long nowNanos, long revision) {
        Sample last = samples.peekLast();
        if (keepNanos == 0 || (last != null && last.revision == revision)) {
            return;
        }
        samples.addLast(new Sample(nowNanos, revision));
        if (samples.size() > MAX_SAMPLES) {
            thinOut();
        }
    }

    /** The revision to compact to; 0 if there is nothing to forget. */
    long target(long nowNanos, long currentRevision) {
        long byCount = keepRevisions == 0 ? 0 : currentRevision - keepRevisions;
        return Math.max(0, Math.max(byCount, byAge(nowNanos)));
    }

    /** A revision that was already current when the kept time began: what it replaced is old enough. */
    private long byAge(long nowNanos) {
        long revision = 0;
        while (!samples.isEmpty() && nowNanos - samples.getFirst().atNanos >= keepNanos) {
            revision = samples.removeFirst().revision;
        }
        if (revision > 0) {
            // Still the newest revision known to be old: the answer must not fall back to nothing.
            samples.addFirst(new Sample(nowNanos - keepNanos, revision));
        }
        return revision;
    }

    private void thinOut() {
        Deque<Sample> kept = new ArrayDeque<>();
        boolean keep = false;
        for (Sample sample : samples) {
            if (keep) {
                kept.addLast(sample);
            }
            keep = !keep;
        }
        samples.clear();
        samples.addAll(kept);
    }

    private record Sample(long atNanos, long revision) {}
}
