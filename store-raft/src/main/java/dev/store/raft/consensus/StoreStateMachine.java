package dev.store.raft.consensus;

import dev.store.raft.keyspace.Keyspace;
import dev.store.raft.keyspace.LogPosition;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.LogBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where committed entries leave Ratis and enter the keyspace.
 *
 * <p>Entries come in order on one thread. Nothing but applying happens on it: answers go out on another executor. An
 * application error is a result like any other; whatever is thrown here means that this member can no longer follow the
 * log, and ends it.
 */
final class StoreStateMachine extends BaseStateMachine {
    private static final Logger LOG = LoggerFactory.getLogger(StoreStateMachine.class);

    private final SnapshotStore snapshots;
    private final LiveFolders live;
    private final KeyspaceHolder holder;
    private final AppliedIndex appliedIndex;
    private final Events events;
    /** The keyspace that the apply thread writes; only replaced by that thread. */
    private volatile LiveFolders.@Nullable Live current;

    private volatile TermIndex applied = TermIndex.INITIAL_VALUE;
    private final AtomicLong bytesApplied = new AtomicLong();
    private final AtomicLong entriesApplied = new AtomicLong();

    /** What the state machine tells; called by threads of Ratis, some with locks held: nothing may block. */
    interface Events {
        /** This member was elected and has applied everything of earlier terms. */
        void leaderReady();

        /** This member leads no more. */
        void notLeader();

        /** The state is one whose changes were not announced: at the start, or from another member. */
        void stateReplaced(long revision, long compactRevision);

        /** This member must not go on. */
        void fatal(String reason, @Nullable Throwable cause);

        /** The batch that is being submitted for a request of this member's own client, or null. */
        @Nullable
        PendingBatch pending(RaftClientRequest request);
    }

    StoreStateMachine(
            SnapshotStore snapshots,
            LiveFolders live,
            KeyspaceHolder holder,
            AppliedIndex appliedIndex,
            Events events) {
        this.snapshots = snapshots;
        this.live = live;
        this.holder = holder;
        this.appliedIndex = appliedIndex;
        this.events = events;
    }

    // ---- life

    @Override
    public void initialize(RaftServer raftServer, RaftGroupId raftGroupId, RaftStorage storage) throws IOException {
        super.initialize(raftServer, raftGroupId, storage);
        getLifeCycle().transition(LifeCycle.State.STARTING);
        use(live.open(snapshots.latest()));
        ensureSnapshot();
        // What the state holds already was announced before the start, to nobody who still listens.
        events.stateReplaced(holder.currentRevision(), holder.compactRevision());
        getLifeCycle().transition(LifeCycle.State.RUNNING);
    }

    /**
     * Ratis applies from the newest snapshot on. If there is none though something was applied (the process died while
     * Ratis replaced the folder of snapshots), the entries before may be purged: the state itself becomes the snapshot.
     */
    private void ensureSnapshot() throws IOException {
        if (snapshots.latest() == null && applied.getIndex() >= 0) {
            takeSnapshot();
        }
    }

    private void use(LiveFolders.Live next) throws IOException {
        LiveFolders.Live previous = current;
        current = next;
        Keyspace keyspace = next.keyspace();
        LogPosition position = keyspace.applied();
        SnapshotStore.Snapshot snapshot = snapshots.latest();
        // A snapshot's own term counts where both stand at the same index: a restored cluster starts again at term 1.
        boolean same = snapshot != null && snapshot.position().getIndex() == position.index();
        applied = snapshot != null && same ? snapshot.position() : TermIndex.valueOf(position.term(), position.index());
        if (same) {
            snapshots.noteRevision(keyspace.revision());
        }
        holder.replace(keyspace, previous == null ? () -> {} : previous::discard);
        appliedIndex.advance(position.index(), keyspace.revision());
    }

    @Override
    public void pause() {
        // Runs under Ratis' server lock, while the apply thread may still be busy: the state stays open until
        // reinitialize(), which runs on the apply thread, replaces it. A snapshot may just be taken there.
        // Where pausing is refused, nothing will take the folder back, so it is not handed over before.
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        snapshots.handOver();
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    @Override
    public void reinitialize() throws IOException {
        guarded("a snapshot of another member could not be put in use", () -> {
            getLifeCycle().transition(LifeCycle.State.STARTING);
            install();
            getLifeCycle().transition(LifeCycle.State.RUNNING);
            return true;
        });
    }

    private void install() throws IOException {
        snapshots.adoptInstalled();
        SnapshotStore.Snapshot snapshot = snapshots.latest();
        if (snapshot == null) {
            throw new IOException("no snapshot is whole after one was installed");
        }
        use(live.openFrom(snapshot));
        LOG.info("snapshot at index {} installed, revision {}", applied.getIndex(), holder.currentRevision());
        events.stateReplaced(holder.currentRevision(), holder.compactRevision());
    }

    @Override
    public void close() {
        getLifeCycle().checkStateAndClose(holder::close);
    }

    // ---- applying

    @Override
    public TransactionContext startTransaction(RaftClientRequest request) {
        PendingBatch pending = events.pending(request);
        TransactionContext context = TransactionContext.newBuilder()
                .setStateMachine(this)
                .setClientRequest(request)
                .setStateMachineContext(pending)
                .build();
        if (pending == null) {
            // The Raft port also takes requests of Ratis' own clients, which would bypass every check of ours.
            context.setException(new IOException("requests come from the member itself only"));
        }
        return context;
    }

    @Override
    public TransactionContext preAppendTransaction(TransactionContext transaction) {
        // Must not throw: the leader would step down.
        if (transaction.getStateMachineContext() instanceof PendingBatch pending) {
            pending.appending();
        }
        return transaction;
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        guarded("an entry could not be applied", () -> {
            LogEntryProto entry = transaction.getLogEntry();
            PendingBatch pending = transaction.getStateMachineContext() instanceof PendingBatch batch ? batch : null;
            byte[] data = null;
            LogBatch batch;
            if (pending != null) {
                batch = pending.batch();
            } else {
                data = entry.getStateMachineLogEntry().getLogData().toByteArray();
                batch = LogBatch.parseFrom(data);
            }
            List<CommandResult> results = keyspace().apply(new LogPosition(entry.getTerm(), entry.getIndex()), batch);
            passed(entry.getTerm(), entry.getIndex());
            bytesApplied.addAndGet(data == null ? batch.getSerializedSize() : data.length);
            if (pending != null) {
                pending.applied(results);
            }
            return true;
        });
        return CompletableFuture.completedFuture(Message.EMPTY);
    }

    @Override
    public void notifyTermIndexUpdated(long term, long index) {
        guarded("the position in the log could not be written", () -> {
            keyspace().advance(new LogPosition(term, index));
            passed(term, index);
            return true;
        });
    }

    /** After a start entries come again that the state already holds; the position never goes back. */
    private void passed(long term, long index) {
        entriesApplied.incrementAndGet();
        if (index > applied.getIndex()) {
            applied = TermIndex.valueOf(term, index);
            appliedIndex.advance(index, keyspace().revision());
        }
    }

    @Override
    public TermIndex getLastAppliedTermIndex() {
        return applied;
    }

    /** Bytes of entries applied since the start, for the schedule of snapshots. */
    long bytesApplied() {
        return bytesApplied.get();
    }

    /** Entries applied since the start. */
    long entriesApplied() {
        return entriesApplied.get();
    }

    // ---- snapshots

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return snapshots;
    }

    @Override
    public @Nullable SnapshotInfo getLatestSnapshot() {
        return snapshots.getLatestSnapshot();
    }

    @Override
    public long takeSnapshot() throws IOException {
        return guarded("a snapshot could not be taken", () -> {
            TermIndex position = applied;
            SnapshotStore.Snapshot newest = snapshots.latest();
            if (newest != null && newest.position().getIndex() >= position.getIndex()) {
                return newest.position().getIndex();
            }
            if (position.getIndex() < 0) {
                return RaftLog.INVALID_LOG_INDEX;
            }
            long start = System.nanoTime();
            Path folder = snapshots.newCheckpointFolder(position);
            keyspace().checkpoint(folder);
            if (!snapshots.publish(folder, position, keyspace().revision())) {
                LOG.info("snapshot at index {} dropped: one of another member is being installed", position.getIndex());
                return RaftLog.INVALID_LOG_INDEX;
            }
            LOG.info(
                    "snapshot at index {} taken in {} ms",
                    position.getIndex(),
                    (System.nanoTime() - start) / 1_000_000);
            return position.getIndex();
        });
    }

    // ---- signals

    @Override
    public void notifyLeaderReady() {
        guarded("leading could not begin", () -> {
            events.leaderReady();
            return true;
        });
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pendingEntries) {
        events.notLeader();
    }

    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto failedEntry) {
        events.fatal("the Raft log can no longer be written; check the disk, then start this member again", cause);
    }

    @Override
    public void notifyServerShutdown(RoleInfoProto roleInfo, boolean allServer) {
        LOG.info("Ratis has shut this member's division down");
    }

    private Keyspace keyspace() {
        LiveFolders.Live now = current;
        if (now == null) {
            throw new IllegalStateException("keyspace: not open");
        }
        return now.keyspace();
    }

    private interface Step<T> {
        T run() throws Exception;
    }

    /** Whatever is thrown on the apply thread ends the member: Ratis would leave a division that is dead in a live process. */
    private <T> T guarded(String failure, Step<T> step) {
        try {
            return step.run();
        } catch (Exception | Error e) {
            events.fatal(failure, e);
            throw new IllegalStateException(failure, e);
        }
    }
}
