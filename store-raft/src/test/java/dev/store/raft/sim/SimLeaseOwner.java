package dev.store.raft.sim;

import com.google.protobuf.ByteString;
import dev.store.api.error.StoreException;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.Put;
import dev.store.raft.lease.LeaseKeeper;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.GrantLease;
import dev.store.raft.v1.RenewLeases;
import dev.store.raft.v1.RevokeLease;
import java.util.List;

/** A client that grants a lease, keeps it alive for a while, goes silent, and begins anew. */
final class SimLeaseOwner {
    private static final long[] TTLS_MS = {1_000, 2_000, 5_000, 10_000, 11_000, 13_000, 16_000};

    private final SimCluster cluster;
    private final SimTime time;
    private final long client;
    private long sequence;
    private long lease;
    private long ttlMs;
    private int beatsLeft;
    private boolean stopped;
    private int renewals;

    SimLeaseOwner(SimCluster cluster, long client) {
        this.cluster = cluster;
        this.time = cluster.time;
        this.client = client;
        time.after(0, 2_000, this::grant);
    }

    int renewals() {
        return renewals;
    }

    void stop() {
        stopped = true;
    }

    private void grant() {
        if (stopped) {
            return;
        }
        sequence++;
        lease = client * 1_000 + sequence;
        ttlMs = TTLS_MS[time.below(TTLS_MS.length)];
        beatsLeft = time.below(12);
        long asked = time.nowNanos();
        Command command = operation()
                .setGrantLease(GrantLease.newBuilder().setLeaseId(lease).setTtlMs(ttlMs))
                .build();
        propose(
                anyLeader(),
                command,
                () -> {
                    cluster.leases.promised(lease, asked, ttlMs);
                    attach();
                    beatLater();
                },
                () -> time.after(100, 500, this::grant));
    }

    private void attach() {
        Command command = Command.newBuilder()
                .setPut(Put.newBuilder()
                        .setKey(ByteString.copyFromUtf8("a/l" + client))
                        .setLeaseId(lease))
                .build();
        propose(anyLeader(), command, () -> {}, () -> {});
    }

    private void beatLater() {
        if (stopped) {
            return;
        }
        if (--beatsLeft < 0) {
            if (time.chance(0.1)) {
                cluster.leases.revoked(lease);
                Command command = operation()
                        .setRevokeLease(RevokeLease.newBuilder().setLeaseId(lease))
                        .build();
                propose(anyLeader(), command, () -> {}, () -> {});
            }
            time.after(0, ttlMs * 3, this::grant);
            return;
        }
        time.after(ttlMs / 8, ttlMs * 9 / 10, this::beat);
    }

    /** One keepalive, in the steps that a leader takes. */
    private void beat() {
        SimMember member = anyLeader();
        long asked = time.nowNanos();
        if (member != null) {
            long term = member.leadsInTerm();
            int incarnation = member.incarnation();
            LeaseKeeper keeper = member.keeper();
            try {
                LeaseKeeper.Renewal renewal = keeper.begin("", List.of(lease));
                time.after(0, cluster.calm ? 5 : 120, () -> {
                    if (member.incarnation() == incarnation) {
                        proved(member, keeper, renewal, term, asked);
                    }
                });
            } catch (StoreException e) {
                // Not the leader any more.
            }
        }
        beatLater();
    }

    private void proved(SimMember member, LeaseKeeper keeper, LeaseKeeper.Renewal renewal, long term, long asked) {
        boolean leads = cluster.leads(member, term) || cluster.bug == SimBug.KEEPALIVE_WITHOUT_PROOF;
        if (!leads) {
            if (time.chance(0.5)) {
                keeper.abandon(renewal);
            }
            return;
        }
        if (renewal.toRenew().isEmpty()) {
            complete(keeper, renewal, asked);
            return;
        }
        Command command = Command.newBuilder()
                .setRenewLeases(RenewLeases.newBuilder().addAllLeaseIds(renewal.toRenew()))
                .build();
        if (cluster.bug == SimBug.KEEPALIVE_WITHOUT_RENEWAL) {
            cluster.leases.promised(renewal.leaseIds().get(0), asked, ttlMs);
            return;
        }
        propose(member, command, () -> complete(keeper, renewal, asked), () -> keeper.abandon(renewal));
    }

    private void complete(LeaseKeeper keeper, LeaseKeeper.Renewal renewal, long asked) {
        try {
            long granted = keeper.complete(renewal).get(0);
            if (granted > 0) {
                renewals++;
                cluster.leases.promised(renewal.leaseIds().get(0), asked, granted);
            }
        } catch (StoreException e) {
            // Not acknowledged: the owner knows nothing.
        }
    }

    private void propose(SimMember member, Command command, Runnable onDone, Runnable onUnknown) {
        if (member == null || member.leadsInTerm() == 0 || !member.isReady()) {
            onUnknown.run();
            return;
        }
        member.propose(new Pending(
                command,
                result -> {
                    if (result.hasFailure()) {
                        onUnknown.run();
                    } else {
                        onDone.run();
                    }
                },
                onUnknown));
    }

    private Command.Builder operation() {
        return Command.newBuilder()
                .setOperation(OperationId.newBuilder().setClientId(client).setSequence(sequence * 2 + (lease % 2)));
    }

    /** Some member that thinks that it leads, rightly or not. */
    private SimMember anyLeader() {
        List<SimMember> leading = cluster.members.stream()
                .filter(member -> member.isReady() && member.leadsInTerm() > 0)
                .toList();
        return leading.isEmpty() ? null : leading.get(time.below(leading.size()));
    }
}
