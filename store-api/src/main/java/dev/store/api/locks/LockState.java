package dev.store.api.locks;

import dev.store.api.v1.DescribeLockResponse;
import java.time.Instant;
import java.util.List;

/**
 * Who holds a lock and who waits for it, the first 1,000 of each.
 *
 * @param revision revision that this reflects
 * @param holders in the order of their tokens
 * @param waiters in the order in which they are served
 * @param permits permits of the semaphore; 0 if it is none
 */
public record LockState(long revision, List<Holder> holders, List<Waiter> waiters, int permits) {
    /**
     * Who waits.
     *
     * @param since leader's time at which it asked
     */
    public record Waiter(String owner, long leaseId, Instant since) {}

    static LockState of(DescribeLockResponse response) {
        return new LockState(
                response.getHeader().getRevision(),
                response.getHoldersList().stream().map(Holder::of).toList(),
                response.getWaitersList().stream()
                        .map(waiter -> new Waiter(
                                waiter.getOwner(), waiter.getLeaseId(), Instant.ofEpochMilli(waiter.getSinceMs())))
                        .toList(),
                response.getPermits());
    }
}
