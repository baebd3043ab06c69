package dev.store.raft.consensus;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.StatusResponse;
import dev.store.raft.Following;
import dev.store.raft.MemberCalls;
import dev.store.raft.Standing;
import dev.store.raft.keyspace.Keyspace;
import dev.store.raft.lease.LeaseKeeper;
import dev.store.raft.lease.LeaseState;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.KeepAliveReply;
import dev.store.raft.v1.MembershipChange;
import dev.store.raft.v1.RenewLeases;
import dev.store.raft.v1.RenewedLease;
import dev.store.raft.v1.StateHash;
import dev.store.raft.v1.StateHashes;
import dev.store.raft.v1.TimeToLiveReply;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** This member's own side of the calls between members. */
final class LocalMember implements MemberCalls {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Proposer proposer;
    private final ReadBarrier barrier;
    private final Leadership leadership;
    private final KeyspaceHolder holder;
    private final AppliedIndex applied;
    private final LeaseKeeper leases;
    private final Membership membership;
    private final Voters voters;
    private final Supplier<StatusResponse> status;

    LocalMember(Parts parts) {
        this.proposer = parts.proposer();
        this.barrier = parts.barrier();
        this.leadership = parts.leadership();
        this.holder = parts.holder();
        this.applied = parts.applied();
        this.leases = parts.leases();
        this.membership = parts.membership();
        this.voters = parts.voters();
        this.status = parts.status();
    }

    /** What it answers from. */
    record Parts(
            Proposer proposer,
            ReadBarrier barrier,
            Leadership leadership,
            KeyspaceHolder holder,
            AppliedIndex applied,
            LeaseKeeper leases,
            Membership membership,
            Voters voters,
            Supplier<StatusResponse> status) {}

    @Override
    public CompletableFuture<CommandResult> propose(Command command) {
        return proposer.propose(command);
    }

    @Override
    public CompletableFuture<Long> readIndex(Standing asker) {
        return barrier.readIndex(asker);
    }

    @Override
    public CompletableFuture<Standing> standing() {
        return CompletableFuture.completedFuture(voters.own());
    }

    @Override
    public CompletableFuture<Following> following() {
        return CompletableFuture.completedFuture(voters.ownFollowing());
    }

    @Override
    public CompletableFuture<KeepAliveReply> keepAlive(String namespace, List<Long> leaseIds) {
        if (!leadership.leading()) {
            return notLeader();
        }
        // In this order: the deadline counts from the time of `begin`, so leading must be proved after it.
        LeaseKeeper.Renewal renewal;
        try {
            renewal = leases.begin(namespace, leaseIds);
        } catch (StoreException e) {
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<?> renewed = renewal.toRenew().isEmpty()
                ? CompletableFuture.completedFuture(null)
                : proposer.propose(Command.newBuilder()
                        .setNamespace(namespace)
                        .setRenewLeases(RenewLeases.newBuilder().addAllLeaseIds(renewal.toRenew()))
                        .build());
        CompletableFuture<Long> proved = renewed.thenCompose(done -> barrier.prove())
                .whenComplete((index, failure) -> {
                    if (failure != null) {
                        leases.abandon(renewal);
                    }
                });
        return proved.thenApply(index -> {
            List<Long> ttls = leases.complete(renewal);
            KeepAliveReply.Builder reply = KeepAliveReply.newBuilder().setRevision(holder.currentRevision());
            for (int i = 0; i < leaseIds.size(); i++) {
                reply.addLeases(
                        RenewedLease.newBuilder().setLeaseId(leaseIds.get(i)).setTtlMs(ttls.get(i)));
            }
            return reply.build();
        });
    }

    @Override
    public CompletableFuture<TimeToLiveReply> timeToLive(String namespace, long leaseId) {
        CompletableFuture<Void> current = barrier.prove().thenCompose(index -> applied.awaitIndex(index, PATIENCE));
        return current.thenApply(done -> holder.with(keyspace -> {
            TimeToLiveReply.Builder reply = TimeToLiveReply.newBuilder().setRevision(keyspace.revision());
            Optional<LeaseState> lease = keyspace.lease(leaseId).filter(found -> sameNamespace(found, namespace));
            long remaining = lease.isPresent() ? leases.remainingMs(leaseId) : -1;
            if (lease.isPresent() && remaining >= 0) {
                reply.setFound(true)
                        .setGrantedTtlMs(lease.get().ttlMs())
                        .setGrantedAtMs(lease.get().grantedAtMs())
                        .setRemainingMs(remaining);
            } else if (lease.isPresent() && !leadership.leading()) {
                throw new StoreException(ErrorCode.NO_LEADER, "no leader: leadership was lost");
            }
            return reply.build();
        }));
    }

    @Override
    public CompletableFuture<Void> changeMembership(MembershipChange change) {
        return leadership.leading() ? membership.change(change) : notLeader();
    }

    @Override
    public CompletableFuture<String> transferLeadership(String name) {
        return leadership.leading() ? membership.transfer(name) : notLeader();
    }

    @Override
    public CompletableFuture<StatusResponse> status() {
        try {
            return CompletableFuture.completedFuture(status.get());
        } catch (StoreException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public CompletableFuture<StateHashes> stateHashes() {
        StateHashes.Builder hashes = StateHashes.newBuilder();
        try {
            for (Keyspace.IndexHash known : holder.with(Keyspace::recentHashes)) {
                hashes.addHashes(StateHash.newBuilder().setIndex(known.index()).setHash(known.hash()));
            }
        } catch (StoreException e) {
            return CompletableFuture.failedFuture(e);
        }
        return CompletableFuture.completedFuture(hashes.build());
    }

    private static boolean sameNamespace(LeaseState lease, String namespace) {
        return named(lease.namespace()).equals(named(namespace));
    }

    private static String named(String namespace) {
        return namespace.isEmpty() ? "default" : namespace;
    }

    private static <T> CompletableFuture<T> notLeader() {
        return CompletableFuture.failedFuture(
                new StoreException(ErrorCode.NO_LEADER, "no leader: this member does not lead; nothing was proposed"));
    }
}
