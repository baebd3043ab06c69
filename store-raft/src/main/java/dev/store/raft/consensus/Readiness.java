package dev.store.raft.consensus;

import java.util.concurrent.TimeUnit;

/**
 * Whether a member keeps up with its leader, so that balancers may send it work.
 *
 * <p>Under traffic something is always committed that is not applied yet, so it counts whether a member applies within a
 * moment what was committed before. After a start it knows only what it once knew to be committed: until it has applied an
 * entry of the present term, which each leader begins with, it cannot tell how far behind it is.
 *
 * <p>Used by one thread.
 */
final class Readiness {
    /** So long it may take to apply what is committed: longer than a pause for garbage or a full disk queue. */
    private static final long BEHIND_AFTER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private boolean keepsUp;
    private long mark = Long.MAX_VALUE;
    private long markedAt;

    /**
     * Looks again.
     *
     * @param seen the member as it is now
     * @param nanos {@link System#nanoTime()}
     * @return whether it is ready
     */
    boolean look(Seen seen, long nanos) {
        if (mark == Long.MAX_VALUE) {
            mark(seen, nanos);
        } else if (seen.applied >= mark) {
            keepsUp = true;
            mark(seen, nanos);
        } else if (nanos - markedAt > BEHIND_AFTER_NANOS) {
            keepsUp = false;
        }
        return seen.leaderKnown && seen.appliedTerm >= seen.term && keepsUp;
    }

    private void mark(Seen seen, long nanos) {
        mark = seen.committed;
        markedAt = nanos;
    }

    /**
     * A member at one moment.
     *
     * @param leaderKnown whether it leads or follows somebody
     * @param term its term
     * @param appliedTerm term of the last entry that it has applied
     * @param applied index of that entry
     * @param committed the commit index that it knows of
     */
    record Seen(boolean leaderKnown, long term, long appliedTerm, long applied, long committed) {}
}
