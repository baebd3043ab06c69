package dev.store.raft.consensus;

/**
 * Decides for how long the next entry waits for company once the one before has ended. Those whose commands were in that
 * one are about to send their next: to go off with the few that had queued meanwhile would split the clients into two
 * halves which take turns, at twice the entries, and an entry costs more than what is in it. Nobody waits for clients that
 * were not there a moment ago, so a lone one never waits.
 *
 * <p>Not safe for use by several threads: the proposer's lock guards it.
 */
final class Pacing {
    /** Of the time that the last entry took, this part is worth waiting. */
    static final int SHARE = 4;

    /** Longest wait. */
    static final long MOST_NANOS = 1_000_000;

    private int company = 1;
    private long until;

    /**
     * An entry has ended.
     *
     * @param commands how many were in it
     * @param queued how many wait for the next
     * @param now time by a clock of nanoseconds
     * @param took how long it was under way, in nanoseconds
     */
    void ended(int commands, int queued, long now, long took) {
        // Some of them have no next command, and the last ones are not worth the wait of all.
        company = Math.max(1, (commands + queued) * 3 / 4);
        until = now + Math.min(MOST_NANOS, took / SHARE);
    }

    /** How many commands the next entry waits for. */
    int company() {
        return company;
    }

    /** How long it still waits, in nanoseconds; 0 or less if it is due. */
    long remaining(int queued, long now) {
        return queued >= company ? 0 : until - now;
    }
}
