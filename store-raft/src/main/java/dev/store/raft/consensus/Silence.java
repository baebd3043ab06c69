package dev.store.raft.consensus;

/**
 * Knows when nothing has followed the last entry for a while, so that its followers should be told of its commit: the next
 * entry would have brought the news.
 *
 * <p>Not safe for use by several threads: the proposer's lock guards it.
 */
final class Silence {
    /** Under load the next entry comes within this time, and nothing more needs to be sent. */
    static final long PATIENCE_NANOS = 2_000_000;

    private boolean told = true;
    private boolean underWay;
    private long expectedEnd;
    private long ended;
    private long took;

    /** An entry was put into the log. */
    void began(long now) {
        told = false;
        underWay = true;
        expectedEnd = now + took;
    }

    /** An entry has ended, after so many nanoseconds. */
    void ended(long now, long tookNanos) {
        told = false;
        underWay = false;
        ended = now;
        took = tookNanos;
    }

    /** The news was told. */
    void told() {
        told = true;
    }

    /** Whether there is news that was not told. */
    boolean hasNews() {
        return !told;
    }

    /** How long to wait, in nanoseconds, until it is time to tell or to look again; 0 or less if it is time to tell. */
    long remaining(long now) {
        if (underWay) {
            // One that takes longer than the last one is looked for now and then.
            return Math.max(PATIENCE_NANOS, expectedEnd + PATIENCE_NANOS - now);
        }
        return ended + PATIENCE_NANOS - now;
    }
}
