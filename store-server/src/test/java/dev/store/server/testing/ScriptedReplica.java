package dev.store.server.testing;

import com.google.protobuf.ByteString;
import dev.store.api.v1.MemberRole;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A replica whose state a test sets, for parts that only look at it and propose. */
public final class ScriptedReplica implements Replica {
    private final List<Command> proposed = new ArrayList<>();
    private MemberRole role = MemberRole.MEMBER_ROLE_LEADER;
    private long revision = 1;
    private boolean ready = true;
    private @Nullable History history;
    private CompletableFuture<CommandResult> nextResult =
            CompletableFuture.completedFuture(CommandResult.getDefaultInstance());

    public void setRole(MemberRole role) {
        this.role = role;
    }

    public void setRevision(long revision) {
        this.revision = revision;
    }

    public void setHistory(History history) {
        this.history = history;
    }

    public void setReady(boolean ready) {
        this.ready = ready;
    }

    public void setNextResult(CompletableFuture<CommandResult> result) {
        this.nextResult = result;
    }

    public List<Command> proposed() {
        return proposed;
    }

    @Override
    public ReplicaInfo info() {
        return new ReplicaInfo(1, 2, "n1", role, 3, "n1", revision, 4, 4, ready, List.of());
    }

    @Override
    public long term() {
        return 3;
    }

    @Override
    public CompletableFuture<CommandResult> propose(Command command) {
        proposed.add(command);
        return nextResult;
    }

    @Override
    public CompletableFuture<KeyspaceView> read(ReadOptions options, Duration timeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Long> fresh(ReadOptions options, Duration timeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Keyspace.Newest> newest(ByteString scopedKey, ReadOptions options, Duration timeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<KeepAliveReply> keepAlive(String namespace, List<Long> leaseIds) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<TimeToLiveReply> timeToLive(String namespace, long leaseId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<LeaseState> leases() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<ByteString> leaseKeys(long leaseId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> changeMembership(MembershipChange change) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<String> transferLeadership(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public History history() {
        return Objects.requireNonNull(history, "history");
    }

    @Override
    public CompletableFuture<Void> awaitPhysicalCompaction(long revision) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<SnapshotFile> writeSnapshot(Path file) {
        throw new UnsupportedOperationException();
    }

    @Override
    public WatchHub watchHub() {
        throw new UnsupportedOperationException();
    }

    @Override
    public MemberCalls localCalls() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void handOver() {}

    @Override
    public void close() {}
}
