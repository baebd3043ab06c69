package dev.store.raft.lease;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.util.Comparator;

/** What the leader remembers of one lease. All times are monotonic, in ns since the keeper's start. */
final class TimedLease {
    /** By the time at which the keeper looks at them again. */
    static final Comparator<TimedLease> BY_TURN =
            Comparator.<TimedLease>comparingLong(lease -> lease.turnNanos).thenComparingLong(lease -> lease.state.id());

    private static final long NO_EPOCH = -1;

    private LeaseState state;
    private long deadlineNanos;
    private long renewedNanos;

    // Keepalives between their first and their last step. One that never gets there stops counting after a while.
    private int renewals;
    private long heldUntilNanos;

    // A command that names this epoch may be in the log, or may still get there: while the lease has this epoch, only
    // the log's order can tell whether it lives on.
    private long contestedEpoch = NO_EPOCH;
    private long proposedNanos;
    private boolean proposed;

    // Changed only while the lease is not in the ordered set.
    long turnNanos;

    TimedLease(LeaseState state, long deadlineNanos, long nowNanos) {
        this.state = state;
        this.deadlineNanos = deadlineNanos;
        this.renewedNanos = nowNanos;
    }

    LeaseState state() {
        return state;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    /**
     * Takes over the replicated state.
     *
     * @param writtenNanos its deadline in terms of the clock here: never later than the truth, and later than the one in
     *     memory if the lease was ended and granted anew by one log entry
     */
    void changed(LeaseState newState, long writtenNanos) {
        if (newState.epoch() != state.epoch()) {
            // What was proposed for the older epoch does nothing any more.
            proposed = false;
        }
        state = newState;
        deadlineNanos = Math.max(deadlineNanos, writtenNanos);
    }

    /** Whether a new leader would give the lease its full time, so that a keepalive needs no log entry. */
    boolean keptAlive() {
        return isKeptAlive(state);
    }

    static boolean isKeptAlive(LeaseState state) {
        return state.keptAlive() || state.ttlMs() <= LeaseState.SHORT_TTL_MS;
    }

    /** Whether a keepalive may be acknowledged only after a {@code RenewLeases} was applied. */
    boolean needsRenewal() {
        return !keptAlive() || contestedEpoch == state.epoch();
    }

    void beginRenewal(long untilNanos) {
        renewals++;
        heldUntilNanos = Math.max(heldUntilNanos, untilNanos);
    }

    void endRenewal() {
        renewals = Math.max(0, renewals - 1);
    }

    void renewedAt(long nanos) {
        deadlineNanos = Math.max(deadlineNanos, nanos + MILLISECONDS.toNanos(state.ttlMs()));
        renewedNanos = Math.max(renewedNanos, nanos);
    }

    /** Whether a keepalive is under way, so that nothing may be proposed against the lease. */
    boolean isHeld(long nowNanos) {
        if (renewals > 0 && nowNanos >= heldUntilNanos) {
            renewals = 0;
        }
        return renewals > 0;
    }

    void proposed(long nowNanos) {
        proposed = true;
        proposedNanos = nowNanos;
        contestedEpoch = state.epoch();
    }

    void proposalFailed() {
        proposed = false;
    }

    boolean isProposed() {
        return proposed;
    }

    long proposedNanos() {
        return proposedNanos;
    }

    /** When the deadline is to be written down if the owner stays silent; never for leases that need none. */
    long checkpointNanos() {
        boolean wanted = state.keptAlive() && state.ttlMs() > LeaseState.SHORT_TTL_MS;
        return wanted ? renewedNanos + MILLISECONDS.toNanos(state.ttlMs()) / 2 : Long.MAX_VALUE;
    }
}
