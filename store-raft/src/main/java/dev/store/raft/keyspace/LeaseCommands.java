package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.raft.lease.LeaseState;
import dev.store.raft.storage.WriteImage;
import dev.store.raft.v1.CheckpointLeases;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.ExpireLeases;
import dev.store.raft.v1.GrantLease;
import dev.store.raft.v1.GrantLeaseResult;
import dev.store.raft.v1.LeaseDeadline;
import dev.store.raft.v1.LeasesResult;
import dev.store.raft.v1.RenewLeases;
import dev.store.raft.v1.RevokeLeaseResult;
import java.util.Set;
import java.util.TreeSet;

/** Applies the commands that are about leases. */
final class LeaseCommands {
    private final BatchApplier batch;
    private final LeaseTable leases;
    private final WriteImage image;
    private final Set<Long> changed = new TreeSet<>();
    private final Set<Long> ended = new TreeSet<>();
    private int epochsGiven;

    LeaseCommands(BatchApplier batch, LeaseTable leases, WriteImage image) {
        this.batch = batch;
        this.leases = leases;
        this.image = image;
    }

    void apply(Command command, String namespace, CommandResult.Builder result) {
        switch (command.getKindCase()) {
            case GRANT_LEASE -> result.setGrantLease(grant(command.getGrantLease(), namespace));
            case REVOKE_LEASE ->
                result.setRevokeLease(revoke(
                        leases.require(command.getRevokeLease().getLeaseId(), namespace), command.getPrincipal()));
            case RENEW_LEASES -> result.setLeases(renew(command.getRenewLeases(), namespace));
            case CHECKPOINT_LEASES -> result.setLeases(checkpoint(command.getCheckpointLeases()));
            case EXPIRE_LEASES -> result.setLeases(expire(command.getExpireLeases(), command.getPrincipal()));
            default -> throw new IllegalArgumentException("command: " + command.getKindCase());
        }
    }

    /** Leases of this entry that were granted or changed and still live. */
    Set<Long> changed() {
        return changed;
    }

    /** Leases that this entry ended. */
    Set<Long> ended() {
        return ended;
    }

    /** Takes back a lease that was granted by the very command that now fails. */
    void undoGrant(long id) {
        if (leases.get(id) != null) {
            leases.remove(id, image);
            ended.add(id);
        }
        changed.remove(id);
    }

    GrantLeaseResult grant(GrantLease grant, String namespace) {
        long id = grant.getLeaseId();
        Requests.grant(grant.getTtlMs(), id);
        Requests.leaseId(id);
        if (leases.get(id) != null) {
            throw new StoreException(
                    ErrorCode.LEASE_EXISTS,
                    "lease_id: " + id + " exists (expected: an unused one, or 0 to let one be chosen)");
        }
        // A deadline that would be measured from an earlier leader's last stamp, and so lie too early, is not relied
        // on.
        boolean keptAlive = grant.getTtlMs() <= LeaseState.SHORT_TTL_MS || !batch.isStampedInTerm();
        long deadlineMs = batch.leaseTimeMs() + grant.getTtlMs();
        put(new LeaseState(id, namespace, grant.getTtlMs(), batch.wallTimeMs(), deadlineMs, nextEpoch(), keptAlive, 0));
        return GrantLeaseResult.newBuilder()
                .setLeaseId(id)
                .setTtlMs(grant.getTtlMs())
                .build();
    }

    /** Ends a lease that another command has made needless. */
    void revokeIfPresent(long id, String namespace, String principal) {
        LeaseState lease = leases.get(id);
        if (lease != null && lease.namespace().equals(namespace)) {
            revoke(lease, principal);
        }
    }

    private RevokeLeaseResult revoke(LeaseState lease, String principal) {
        // The keys are scoped already; they may lie in both areas.
        Mutation mutation = batch.mutation(Scope.user(lease.namespace()), principal);
        for (ByteString key : batch.attachedKeys(lease)) {
            mutation.remove(key);
        }
        batch.commit(mutation);
        leases.remove(lease.id(), image);
        changed.remove(lease.id());
        ended.add(lease.id());
        return RevokeLeaseResult.newBuilder()
                .setDeleted(mutation.events().size())
                .build();
    }

    private LeasesResult renew(RenewLeases renew, String namespace) {
        LeasesResult.Builder result = LeasesResult.newBuilder();
        for (long id : renew.getLeaseIdsList()) {
            LeaseState lease = leases.get(id);
            if (lease == null || !lease.namespace().equals(namespace)) {
                continue;
            }
            result.addLeaseIds(id);
            // Also one that is kept alive gets a new epoch: its leader asks because an expiry may be in the log.
            put(with(lease, lease.deadlineMs(), true));
        }
        return result.build();
    }

    private LeasesResult checkpoint(CheckpointLeases checkpoint) {
        LeasesResult.Builder result = LeasesResult.newBuilder();
        if (!batch.isOfTerm(checkpoint.getTerm())) {
            return result.build();
        }
        for (LeaseDeadline seen : checkpoint.getLeasesList()) {
            LeaseState lease = leases.get(seen.getLeaseId());
            if (lease != null && lease.epoch() == seen.getEpoch()) {
                result.addLeaseIds(lease.id());
                put(with(lease, seen.getDeadlineMs(), false));
            }
        }
        return result.build();
    }

    /**
     * Ends the leases whose time has passed. What the proposer saw is checked again: another term means that it was
     * deposed since, and another epoch that the owner has been heard, so that its expiry finds nothing to end
     * (etcd #15247).
     */
    private LeasesResult expire(ExpireLeases expire, String principal) {
        LeasesResult.Builder result = LeasesResult.newBuilder();
        if (!batch.isOfTerm(expire.getTerm())) {
            return result.build();
        }
        for (LeaseDeadline seen : expire.getLeasesList()) {
            LeaseState lease = leases.get(seen.getLeaseId());
            if (lease != null && isDue(lease, seen)) {
                result.addLeaseIds(lease.id());
                revoke(lease, principal);
            }
        }
        return result.build();
    }

    private boolean isDue(LeaseState lease, LeaseDeadline seen) {
        return lease.epoch() == seen.getEpoch()
                && batch.leaseTimeMs() >= seen.getDeadlineMs()
                && batch.leaseTimeMs() >= lease.deadlineMs();
    }

    private void put(LeaseState lease) {
        leases.put(lease, image);
        changed.add(lease.id());
        ended.remove(lease.id());
    }

    /**
     * An epoch greater than any given before: a lease that is granted anew under the id of an old one must not have an
     * epoch that a command meant for the old one may name.
     */
    private long nextEpoch() {
        return (batch.index() << 20) + ++epochsGiven;
    }

    private LeaseState with(LeaseState lease, long deadlineMs, boolean keptAlive) {
        return new LeaseState(
                lease.id(),
                lease.namespace(),
                lease.ttlMs(),
                lease.grantedAtMs(),
                deadlineMs,
                nextEpoch(),
                keptAlive,
                lease.attachedKeys());
    }
}
