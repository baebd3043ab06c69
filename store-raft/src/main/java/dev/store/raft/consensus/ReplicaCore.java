package dev.store.raft.consensus;

import dev.store.raft.NamedThreads;
import dev.store.raft.keyspace.Keyspace;
import dev.store.raft.v1.CheckpointLeases;
import dev.store.raft.v1.Command;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a running replica, how they are put together, and the order in which they end. */
final class ReplicaCore implements StoreStateMachine.Events, Leadership.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaCore.class);
    private static final Duration HANDOVER = Duration.ofSeconds(3);
    private static final Duration RAFT_END = Duration.ofSeconds(15);

    private final ReplicaOptions options;
    private final ReplicaParts parts;
    private final DataFolder dataFolder;
    private final ScheduledThreadPoolExecutor timer;
    private final ScheduledThreadPoolExecutor background;
    private final ScheduledThreadPoolExecutor watching;
    private final ExecutorService replies;

    private final Leadership leadership = new Leadership(this);
    private final KeyspaceHolder holder = new KeyspaceHolder();
    private final Appenders appenders = new Appenders();
    private final ReplicaParts.WatchFeed watches;
    private final AppliedIndex applied;
    private final SnapshotStore snapshots;
    private final StoreStateMachine machine;
    private final RaftPort raft;
    private final ReadBarrier barrier;
    private final CommitNews commitNews;
    private final Proposer proposer;
    private final Membership membership;
    private final StoppedAppenders stoppedAppenders;
    private final Status status;
    private final LocalMember local;
    private final Leader leader;
    private final FreshReads freshReads;
    private final Housekeeping housekeeping;
    private final LeaderWatch leaderWatch;
    /** Only the thread that watches the leader uses it. */
    private boolean watchFails;

    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean failed = new AtomicBoolean();
    private final AtomicBoolean handedOver = new AtomicBoolean();

    static ReplicaCore start(ReplicaOptions options, ReplicaParts parts) {
        DataFolder dataFolder = DataFolder.open(options, parts.clock());
        ReplicaCore core = null;
        try {
            requireFreePort(options.place().raftListen());
            core = new ReplicaCore(options, parts, dataFolder);
            core.start();
            return core;
        } catch (IOException | RuntimeException e) {
            if (core != null) {
                core.close();
            }
            closeQuietly(dataFolder);
            throw e instanceof ReplicaException refused
                    ? refused
                    : new ReplicaException(
                            "member \"" + options.self().name() + "\" cannot start: " + RaftPort.describe(e), e);
        }
    }

    /** Ratis answers a port that is taken with System.exit. */
    private static void requireFreePort(String endpoint) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(PeerAddress.socket(endpoint));
        } catch (IOException e) {
            throw new ReplicaException(
                    "raft listen address " + endpoint + ": cannot be listened on: " + e.getMessage()
                            + " (expected: an address of this machine and a port that nobody uses)",
                    e);
        }
    }

    private ReplicaCore(ReplicaOptions options, ReplicaParts parts, DataFolder dataFolder) throws IOException {
        this.options = options;
        this.parts = parts;
        this.dataFolder = dataFolder;
        String name = options.self().name();
        this.timer = scheduler("timer-" + name);
        this.background = scheduler("background-" + name);
        this.watching = scheduler("leader-watch-" + name);
        this.replies = replies("replies-" + name);
        this.watches = parts.watches().create(holder);
        this.applied = new AppliedIndex(timer, replies);
        this.snapshots = new SnapshotStore(options.dataFolder());
        openFiles();
        LiveFolders live = new LiveFolders(
                options.dataFolder(), folder -> parts.keyspaces().open(folder, watches.listener(), parts.leases()));
        this.machine = new StoreStateMachine(snapshots, live, holder, applied, this);
        Path raftFolder = DataFolder.raftFolder(options.dataFolder());
        this.raft = new RaftPort(options, raftFolder, appenders, machine);
        Duration electionMax = options.timings().electionMax();
        Voters voters = new Voters(raft::division, parts.members());
        this.barrier = new ReadBarrier(name, this::lead, voters::standing, timer, replies, electionMax);
        this.commitNews = new CommitNews(raft::division, leadership, appenders, timer, electionMax);
        this.proposer = new Proposer(
                name,
                options.batching(),
                options.timings().proposalTimeout(),
                new Proposer.Wiring(
                        parts.clock(),
                        () -> holder.with(Keyspace::wallTimeMs),
                        parts.leases()::leaseTimeMs,
                        leadership,
                        raft,
                        replies,
                        commitNews::settled));
        this.membership = new Membership(
                raft, appenders, new VoterProbe(parts.members(), raft.self()), options.timings(), this::appendNothing);
        this.stoppedAppenders = new StoppedAppenders(raft::division, appenders);
        Status.Parts figures = new Status.Parts(raft, leadership, holder, applied, machine, snapshots);
        this.status = new Status(options, parts.version(), figures);
        this.local = new LocalMember(new LocalMember.Parts(
                proposer,
                barrier,
                leadership,
                holder,
                applied,
                parts.leases(),
                membership,
                voters,
                () -> status.response(watches.hub().size())));
        this.leader = new Leader(raft::division, leadership, local, parts.members(), timer);
        this.freshReads = new FreshReads(
                () -> leader.callOnce(member -> member.readIndex(voters.own())),
                applied,
                timer,
                FreshReads.OVERTAKEN_AFTER);
        this.housekeeping = new Housekeeping(this, background);
        RaftObserver observer = new RaftObserver(raft, voters);
        this.leaderWatch =
                new LeaderWatch(observer, observer::refuses, options.timings().electionMin());
    }

    /** Repairs the log and finds the snapshots, before Ratis reads either. */
    private void openFiles() throws IOException {
        Path log = DataFolder.logFolder(options);
        long lastInOpenFile = LogTailRepair.repair(log, options.self().name());
        snapshots.open();
        SnapshotStore.Snapshot newest = snapshots.latest();
        LogTailRepair.setAsideCovered(
                log, lastInOpenFile, newest == null ? -1 : newest.position().getIndex());
        SetAside.deleteOld(log);
    }

    private void start() throws IOException {
        raft.start();
        housekeeping.checkLogReachesState();
        proposer.start();
        var unused = timer.scheduleWithFixedDelay(this::tick, 50, 50, TimeUnit.MILLISECONDS);
        housekeeping.start();
        var unusedToo = watching.scheduleWithFixedDelay(this::watchLeader, 50, 50, TimeUnit.MILLISECONDS);
    }

    /** What must be looked at often; never blocks. */
    private void tick() {
        try {
            Leadership.Term term = leadership.current();
            if (term != null && !stillLeads(term)) {
                leadership.lose();
            }
            if (leadership.leading()) {
                parts.leases().due().forEach(this::proposeForLeases);
                stoppedAppenders.look();
            }
            proposer.expire();
            status.look();
        } catch (RuntimeException e) {
            LOG.error("periodic work failed", e);
        }
    }

    private void watchLeader() {
        try {
            leaderWatch.look();
            watchFails = false;
        } catch (RuntimeException e) {
            // A member that was removed fails each time until its process ends.
            if (!watchFails) {
                watchFails = true;
                LOG.error("the leader cannot be watched; tried again, and not told again until it works", e);
            }
        }
    }

    private void proposeForLeases(Command command) {
        var unused = proposer.propose(command).whenComplete((result, failure) -> {
            if (failure != null || result.hasFailure()) {
                parts.leases().failed(command);
            }
        });
    }

    /** Writes an entry that changes nothing. */
    private void appendNothing() {
        var unused = proposer.propose(Command.newBuilder()
                .setCheckpointLeases(CheckpointLeases.getDefaultInstance())
                .build());
    }

    private ReadBarrier.@Nullable Lead lead() {
        Leadership.Term term = leadership.current();
        RaftServer.Division division = raft.division();
        long committed = division.getRaftLog().getLastCommittedIndex();
        // Looked at after the commit index was read: who leads now led then.
        if (term == null || !division.getInfo().isLeaderReady() || !stillLeads(term)) {
            return null;
        }
        return new ReadBarrier.Lead(term.number(), committed, Quorum.of(division.getRaftConf()));
    }

    private boolean stillLeads(Leadership.Term term) {
        var info = raft.division().getInfo();
        return info.isLeader() && info.getCurrentTerm() == term.number();
    }

    // ---- what the state machine tells

    @Override
    public void leaderReady() {
        leadership.gain(raft.division().getInfo().getCurrentTerm());
        commitNews.settled();
    }

    @Override
    public void notLeader() {
        leadership.lose();
    }

    @Override
    public void stateReplaced(long revision, long compactRevision) {
        if (revision > 0) {
            watches.listener().onSnapshotInstalled(revision, compactRevision);
        }
    }

    @Override
    public void fatal(String reason, @Nullable Throwable cause) {
        if (!closed.get() && failed.compareAndSet(false, true)) {
            LOG.error("member {} stops: {}", options.self().name(), reason, cause);
            parts.fatal().fatal(reason, cause);
        }
    }

    @Override
    public @Nullable PendingBatch pending(RaftClientRequest request) {
        return raft.pending(request);
    }

    // ---- what leadership tells

    @Override
    public void gained(long term) {
        holder.with(keyspace -> {
            parts.leases().lead(term, keyspace.leaseTimeMs(), keyspace.leases());
            return true;
        });
        LOG.info("member {} leads in term {}", options.self().name(), term);
    }

    @Override
    public void lost() {
        parts.leases().follow();
        barrier.fail();
        LOG.info("member {} leads no more", options.self().name());
    }

    // ---- parts

    ReplicaOptions options() {
        return options;
    }

    ReplicaParts given() {
        return parts;
    }

    Leader leader() {
        return leader;
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    FreshReads freshReads() {
        return freshReads;
    }

    LocalMember local() {
        return local;
    }

    AppliedIndex applied() {
        return applied;
    }

    KeyspaceHolder holder() {
        return holder;
    }

    Status status() {
        return status;
    }

    LeaderWatch leaderWatch() {
        return leaderWatch;
    }

    Housekeeping housekeeping() {
        return housekeeping;
    }

    ReplicaParts.WatchFeed watches() {
        return watches;
    }

    RaftPort raft() {
        return raft;
    }

    Appenders appenders() {
        return appenders;
    }

    StoreStateMachine machine() {
        return machine;
    }

    SnapshotStore snapshots() {
        return snapshots;
    }

    boolean isClosed() {
        return closed.get();
    }

    // ---- end

    void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        handOver();
        proposer.close();
        watches.hub().close();
        timer.shutdownNow();
        background.shutdownNow();
        watching.shutdownNow();
        boolean ended = closeRaft();
        leadership.lose();
        applied.close();
        replies.shutdown();
        if (ended) {
            holder.close();
            closeQuietly(dataFolder);
        } else {
            // The apply thread may still be busy, and RocksDB must not be closed under it. The process is ending
            // anyway.
            LOG.warn("member {}: Ratis did not end within {}", options.self().name(), RAFT_END);
        }
    }

    /** Ratis waits for its threads without a limit; a process that was told to stop must not. */
    private boolean closeRaft() {
        Thread closer = new NamedThreads("close-" + options.self().name()).newThread(() -> closeQuietly(raft));
        closer.start();
        try {
            closer.join(RAFT_END.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !closer.isAlive();
    }

    /** Spares the others the wait for an election. Tried once: what failed just now would only cost the wait again. */
    void handOver() {
        if (!leadership.leading() || !membership.hasOtherVoters() || !handedOver.compareAndSet(false, true)) {
            return;
        }
        String name = options.self().name();
        try {
            String leader = membership.transfer("").get(HANDOVER.toMillis(), TimeUnit.MILLISECONDS);
            LOG.info("leadership handed over: member={} leader={}", name, leader);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn(
                    "leadership not handed over: member={} reason=\"{}\"",
                    name,
                    e instanceof TimeoutException
                            ? "not within " + HANDOVER.toMillis() + " ms"
                            : RaftPort.describe(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            LOG.warn("closing {}: {}", part.getClass().getSimpleName(), e.toString());
        }
    }

    private static ScheduledThreadPoolExecutor scheduler(String name) {
        ScheduledThreadPoolExecutor executor =
                new ScheduledThreadPoolExecutor(1, new NamedThreads(name), (task, ended) -> {});
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return executor;
    }

    /** After the end, what still comes is answered by whoever brings it. */
    private static ExecutorService replies(String name) {
        return new ThreadPoolExecutor(
                2,
                2,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new NamedThreads(name),
                (task, executor) -> task.run());
    }
}
