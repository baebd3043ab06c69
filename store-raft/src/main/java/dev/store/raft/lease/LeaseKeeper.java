package dev.store.raft.lease;

import dev.store.raft.v1.Command;
import java.util.Collection;
import java.util.List;

/**
 * The leader's time keeping: which leases live, until when, and what must be proposed.
 *
 * <p>Only a leader keeps time. Deadlines live in memory and are moved by keepalives without log entries. Three kinds of
 * command go to the log: {@code RenewLeases} before the first keepalive after a grant or checkpoint is acknowledged,
 * {@code CheckpointLeases} for leases whose owner went silent, {@code ExpireLeases} for those whose time has passed.
 * All time is monotonic; the wall clock is never asked. Safe for use by many threads; nothing blocks.
 */
public interface LeaseKeeper extends LeaseObserver {
    /**
     * This member has become a leader that has applied all entries of earlier terms.
     *
     * @param term the new term
     * @param leaseTimeMs lease clock reached by the replicated state
     * @param leases all leases
     */
    void lead(long term, long leaseTimeMs, Collection<LeaseState> leases);

    /** This member leads no more: forgets all deadlines. */
    void follow();

    /**
     * The lease clock now, to stamp proposals with. On a leader never behind what was replicated when it started to lead;
     * on a follower it stands still.
     */
    long leaseTimeMs();

    /**
     * First step of a keepalive, when the request comes in: notes the time and tells what must happen before the
     * acknowledgement.
     *
     * @throws dev.store.api.error.StoreException with {@code NO_LEADER} if this member does not lead
     */
    Renewal begin(String namespace, List<Long> leaseIds);

    /**
     * Last step of a keepalive, after this member has proved that it led after {@link #begin} and after the renewal's
     * command, if any, was applied: moves the deadlines to the time of {@code begin} plus time to live.
     *
     * @return granted time to live for each lease in order, 0 for those that do not exist (any more)
     * @throws dev.store.api.error.StoreException with {@code NO_LEADER} if this member has not led without a break since
     *     {@link #begin}; with {@code OUTCOME_UNKNOWN} if the keepalive took so long that one of the leases may be ending
     *     (nothing is acknowledged then: it must be sent again)
     */
    List<Long> complete(Renewal renewal);

    /**
     * A keepalive will not be completed, because its proof or its command failed. Without this call the leases are held
     * for five seconds longer.
     */
    void abandon(Renewal renewal);

    /** Remaining time of a lease in ms, at least 0; -1 if there is no such lease or this member does not lead. */
    long remainingMs(long leaseId);

    /** Commands that are due now. Called at least every 100 ms on a leader; each command is returned once per need. */
    List<Command> due();

    /**
     * A proposal of {@link #due} ended without being applied, or with an unknown outcome: what it was for is due again.
     */
    void failed(Command command);

    /**
     * A keepalive under way.
     *
     * @param namespace namespace of the leases
     * @param leaseIds leases in the order of the request
     * @param atNanos monotonic time at which it came in
     * @param term term under which it came in
     * @param toRenew leases for which a {@code RenewLeases} command must be applied first; empty for most keepalives
     */
    record Renewal(String namespace, List<Long> leaseIds, long atNanos, long term, List<Long> toRenew) {
        public Renewal {
            leaseIds = List.copyOf(leaseIds);
            toRenew = List.copyOf(toRenew);
        }
    }
}
