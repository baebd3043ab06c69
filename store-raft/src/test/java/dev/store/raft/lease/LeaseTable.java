package dev.store.raft.lease;

import dev.store.raft.v1.Command;
import dev.store.raft.v1.LeaseDeadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The replicated part of leases, as the rules of command.proto say; one for each member, fed from the same log. */
final class LeaseTable {
    private final Map<Long, LeaseState> leases = new TreeMap<>();
    private final List<Long> ended = new ArrayList<>();
    private long leaseTimeMs;
    private long changes;

    long leaseTimeMs() {
        return leaseTimeMs;
    }

    List<LeaseState> leases() {
        return List.copyOf(leases.values());
    }

    boolean has(long id) {
        return leases.containsKey(id);
    }

    /** Applies one entry and tells the keeper of this member about it. */
    void apply(Entry entry, LeaseKeeper keeper) {
        if (entry.batchTerm() == entry.term()) {
            leaseTimeMs = Math.max(leaseTimeMs, entry.stampMs());
        }
        Command command = entry.command();
        if (command.hasGrantLease()) {
            long ttl = command.getGrantLease().getTtlMs();
            put(
                    new LeaseState(
                            command.getGrantLease().getLeaseId(),
                            "default",
                            ttl,
                            0,
                            leaseTimeMs + ttl,
                            ++changes,
                            ttl <= LeaseState.SHORT_TTL_MS,
                            0),
                    keeper);
        } else if (command.hasRenewLeases()) {
            for (long id : command.getRenewLeases().getLeaseIdsList()) {
                LeaseState lease = leases.get(id);
                if (lease != null) {
                    put(with(lease, lease.deadlineMs(), true), keeper);
                }
            }
        } else if (command.hasCheckpointLeases()) {
            if (command.getCheckpointLeases().getTerm() == entry.term()) {
                command.getCheckpointLeases().getLeasesList().forEach(named -> checkpoint(named, keeper));
            }
        } else if (command.hasExpireLeases()) {
            if (command.getExpireLeases().getTerm() == entry.term()) {
                command.getExpireLeases().getLeasesList().forEach(named -> expire(named, keeper));
            }
        }
    }

    private void checkpoint(LeaseDeadline named, LeaseKeeper keeper) {
        LeaseState lease = leases.get(named.getLeaseId());
        if (lease != null && lease.epoch() == named.getEpoch()) {
            put(with(lease, named.getDeadlineMs(), false), keeper);
        }
    }

    private void expire(LeaseDeadline named, LeaseKeeper keeper) {
        LeaseState lease = leases.get(named.getLeaseId());
        if (lease != null
                && lease.epoch() == named.getEpoch()
                && leaseTimeMs >= named.getDeadlineMs()
                && leaseTimeMs >= lease.deadlineMs()) {
            leases.remove(lease.id());
            ended.add(lease.id());
            keeper.ended(lease.id());
        }
    }

    /** Ids of the leases that ended since the last call. */
    List<Long> takeEnded() {
        List<Long> taken = List.copyOf(ended);
        ended.clear();
        return taken;
    }

    private LeaseState with(LeaseState lease, long deadlineMs, boolean keptAlive) {
        return new LeaseState(
                lease.id(),
                lease.namespace(),
                lease.ttlMs(),
                lease.grantedAtMs(),
                deadlineMs,
                ++changes,
                keptAlive,
                lease.attachedKeys());
    }

    private void put(LeaseState lease, LeaseKeeper keeper) {
        leases.put(lease.id(), lease);
        keeper.changed(lease);
    }

    /**
     * An entry of the log with one command.
     *
     * @param term term of the entry
     * @param batchTerm term in which the stamp was made
     * @param stampMs stamped lease clock
     */
    record Entry(long term, long batchTerm, long stampMs, Command command) {}
}
