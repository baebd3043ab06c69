package dev.store.raft.consensus;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import dev.store.raft.MemberCalls;
import dev.store.raft.Replica;
import dev.store.raft.ReplicaInfo;
import dev.store.raft.SnapshotFile;
import dev.store.raft.keyspace.History;
import dev.store.raft.keyspace.Keyspace;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.lease.LeaseState;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.KeepAliveReply;
import dev.store.raft.v1.MembershipChange;
import dev.store.raft.v1.TimeToLiveReply;
import dev.store.raft.watch.WatchHub;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A member of the replicated keyspace on Apache Ratis. */
public final class RatisReplica implements Replica {
    private final ReplicaCore core;
    private final Duration patience;
    private final SharedKeepAlives keepAlives;

    private RatisReplica(ReplicaCore core, Duration patience) {
        this.core = core;
        this.patience = patience;
        this.keepAlives = new SharedKeepAlives(
                (namespace, leaseIds) -> core.leader().call(patience, member -> member.keepAlive(namespace, leaseIds)),
                core.timer(),
                FreshReads.OVERTAKEN_AFTER);
    }

    /**
     * Starts a member: repairs and opens its data folder, joins the others, and begins to apply. Returns before a leader
     * is known; {@link #info()} tells when the member is ready.
     *
     * @throws ReplicaException if the member cannot start, with a message for the operator
     */
    public static RatisReplica open(ReplicaOptions options, ReplicaParts parts) {
        // Long enough for an election to be over, short enough that a caller is told.
        Duration patience = options.timings().electionMax().multipliedBy(3);
        return new RatisReplica(ReplicaCore.start(options, parts), patience);
    }

    @Override
    public ReplicaInfo info() {
        return core.status().info();
    }

    @Override
    public long term() {
        return core.raft().division().getInfo().getCurrentTerm();
    }

    @Override
    public CompletableFuture<CommandResult> propose(Command command) {
        return core.leader().call(patience, member -> member.propose(command));
    }

    @Override
    public CompletableFuture<KeyspaceView> read(ReadOptions options, Duration timeout) {
        return whenFresh(options, timeout).thenApply(done -> core.holder().view());
    }

    @Override
    public CompletableFuture<Long> fresh(ReadOptions options, Duration timeout) {
        return whenFresh(options, timeout).thenApply(done -> core.holder().currentRevision());
    }

    @Override
    public CompletableFuture<Keyspace.Newest> newest(ByteString scopedKey, ReadOptions options, Duration timeout) {
        return whenFresh(options, timeout).thenApply(done -> core.holder().newest(scopedKey));
    }

    /** Completes when this member is as fresh as the options demand. */
    private CompletableFuture<Void> whenFresh(ReadOptions options, Duration timeout) {
        if (options.getAtLeastRevision() < 0) {
            return CompletableFuture.failedFuture(new StoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "at_least_revision: " + options.getAtLeastRevision() + " (expected: >= 0)"));
        }
        long deadline = System.nanoTime() + timeout.toNanos();
        CompletableFuture<Void> fresh = options.getConsistency() == ReadConsistency.READ_CONSISTENCY_SERIALIZABLE
                ? CompletableFuture.completedFuture(null)
                : core.freshReads().await(timeout);
        return options.getAtLeastRevision() == 0
                ? fresh
                : fresh.thenCompose(done -> core.applied().awaitRevision(options.getAtLeastRevision(), left(deadline)));
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
    }

    @Override
    public CompletableFuture<KeepAliveReply> keepAlive(String namespace, List<Long> leaseIds) {
        return keepAlives.keepAlive(namespace, leaseIds);
    }

    @Override
    public CompletableFuture<TimeToLiveReply> timeToLive(String namespace, long leaseId) {
        return core.leader().call(patience, member -> member.timeToLive(namespace, leaseId));
    }

    @Override
    public List<LeaseState> leases() {
        return core.holder().with(Keyspace::leases);
    }

    @Override
    public List<ByteString> leaseKeys(long leaseId) {
        return core.holder().with(keyspace -> keyspace.leaseKeys(leaseId));
    }

    @Override
    public CompletableFuture<Void> changeMembership(MembershipChange change) {
        return core.leader().call(patience.multipliedBy(3), member -> member.changeMembership(change));
    }

    @Override
    public CompletableFuture<String> transferLeadership(String name) {
        return core.leader().call(patience, member -> member.transferLeadership(name));
    }

    @Override
    public History history() {
        return core.holder();
    }

    @Override
    public CompletableFuture<Void> awaitPhysicalCompaction(long revision) {
        return core.holder().with(keyspace -> keyspace.awaitPhysicalCompaction(revision));
    }

    @Override
    public CompletableFuture<SnapshotFile> writeSnapshot(Path file) {
        return core.housekeeping().writeSnapshot(file);
    }

    @Override
    public WatchHub watchHub() {
        return core.watches().hub();
    }

    @Override
    public MemberCalls localCalls() {
        return core.local();
    }

    @Override
    public void handOver() {
        core.handOver();
    }

    @Override
    public void close() {
        core.close();
    }

    /** The parts. */
    ReplicaCore core() {
        return core;
    }
}
