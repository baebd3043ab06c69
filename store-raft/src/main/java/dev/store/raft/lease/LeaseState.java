package dev.store.raft.lease;

import java.util.Objects;

/**
 * What is replicated of a lease.
 *
 * @param id its id, greater than 0
 * @param namespace namespace whose keys may be attached
 * @param ttlMs granted time to live
 * @param grantedAtMs leader's wall time of the grant, ms since 1970
 * @param deadlineMs deadline on the lease clock, as last written down
 * @param epoch rises with every replicated change of the lease, and is never given twice, also not to a later lease of
 *     the same id; an expiry names the one it saw
 * @param keptAlive the owner has kept it alive since the deadline was written down: the deadline is then not the truth,
 *     and a new leader gives the lease its full time to live from the moment it starts to lead
 * @param attachedKeys how many keys are attached
 */
public record LeaseState(
        long id,
        String namespace,
        long ttlMs,
        long grantedAtMs,
        long deadlineMs,
        long epoch,
        boolean keptAlive,
        int attachedKeys) {

    /** Leases up to this time to live count as kept alive from the grant on: no log entry for their first keepalive. */
    public static final long SHORT_TTL_MS = 10_000;

    public LeaseState {
        Objects.requireNonNull(namespace, "namespace");
    }
}
