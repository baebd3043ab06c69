package dev.store.raft.sim;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.raft.keyspace.AppliedListener;
import dev.store.raft.keyspace.History;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.keyspace.LogPosition;
import dev.store.raft.keyspace.RevisionEvents;
import dev.store.raft.keyspace.StoredKeyspace;
import dev.store.raft.lease.LeaderLeaseKeeper;
import dev.store.raft.lease.LeaseKeeper;
import dev.store.raft.storage.MemoryStore;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.LogBatch;
import dev.store.raft.watch.RingWatchHub;
import dev.store.raft.watch.WatchOptions;
import dev.store.raft.watch.WatchSource;
import dev.store.raft.watch.WatchThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** One member: the real keyspace, hub and lease keeper, with storage, threads and clocks that the simulation rules. */
final class SimMember implements WatchSource, AppliedListener {
    private static final WatchOptions OPTIONS = new WatchOptions(6_000, 20_000, 8, 4_000, 600, 4, 1_000);

    final int id;
    private final SimCluster cluster;
    private final SimTime time;
    private final SimFaults faults;
    private MemoryStore store = new MemoryStore();
    private StoredKeyspace keyspace;
    private RingWatchHub hub;
    private LeaseKeeper keeper;
    private boolean up;
    private int incarnation;
    private long leadsInTerm;
    private long electedTerm;
    private long electedIndex;
    private long wallOffsetMs;
    private long announcedRevision;
    private boolean applying;
    private final List<Pending> queue = new ArrayList<>();
    private final List<SimWatcher> watchers = new ArrayList<>();

    SimMember(SimCluster cluster, int id) {
        this.cluster = cluster;
        this.time = cluster.time;
        this.id = id;
        this.faults = new SimFaults(cluster.bug, id);
        start();
        time.every(80, 100, this::proposeDue);
    }

    boolean isUp() {
        return up;
    }

    /** Whether it serves reads and watches at present. */
    boolean isReady() {
        return up && keyspace != null;
    }

    StoredKeyspace keyspace() {
        return keyspace;
    }

    RingWatchHub hub() {
        return hub;
    }

    LeaseKeeper keeper() {
        return keeper;
    }

    int incarnation() {
        return incarnation;
    }

    /** The term in which it thinks that it leads, 0 if it does not. */
    long leadsInTerm() {
        return leadsInTerm;
    }

    // --- Life. ---

    private void start() {
        up = true;
        LongSupplier clock = clock();
        keeper = new LeaderLeaseKeeper(clock);
        openKeyspace();
        int mine = incarnation;
        hub = new RingWatchHub(
                this,
                OPTIONS,
                new WatchThreads(
                        task -> runLater(0, 4, mine, task),
                        task -> runLater(0, 15, mine, task),
                        (task, delay) -> runLater(delay.toMillis(), delay.toMillis() + 5, mine, task),
                        clock));
        wakeApplier();
    }

    private LongSupplier clock() {
        // Monotonic clocks of different members have nothing to do with each other.
        long offset = (time.below(1_000) - 500) * 3_600_000_000_000L;
        return () -> time.nowNanos() + offset;
    }

    private void runLater(long minMs, long maxMs, int ofIncarnation, Runnable task) {
        time.after(minMs, maxMs, () -> {
            if (incarnation == ofIncarnation) {
                task.run();
            }
        });
    }

    private void openKeyspace() {
        keyspace = StoredKeyspace.open(
                store,
                new StoredKeyspace.Observers(this, keeper, task -> runLater(0, 500, incarnation, task), failure -> {
                    throw new IllegalStateException(failure);
                }));
        announcedRevision = keyspace.revision();
        applying = false;
    }

    void crash() {
        if (!up) {
            return;
        }
        up = false;
        incarnation++;
        leadsInTerm = 0;
        electedTerm = 0;
        queue.clear();
        store = faults.afterCrash(store);
        keyspace = null;
        List.copyOf(watchers).forEach(SimWatcher::disconnected);
        watchers.clear();
        time.after(100, 3_000, this::restart);
    }

    void restart() {
        if (!up) {
            start();
        }
    }

    void flush() {
        if (isReady()) {
            faults.flushing(store);
            store.flush();
        }
    }

    /** Takes over the state of a member that is ahead; reads fail while that lasts. */
    void installSnapshot(SimMember from) {
        boolean behind = isReady()
                && from.isReady()
                && leadsInTerm == 0
                && from.keyspace.applied().index() > keyspace.applied().index();
        if (!behind) {
            return;
        }
        MemoryStore copy = from.store.copy();
        keyspace.close();
        keyspace = null;
        runLater(0, 200, incarnation, () -> {
            store = copy;
            openKeyspace();
            hub.onSnapshotInstalled(keyspace.revision(), keyspace.compactRevision());
            leadIfCaughtUp();
            wakeApplier();
        });
    }

    void jumpWallClock() {
        wallOffsetMs = (time.below(7_200) - 3_600) * 1_000L;
    }

    // --- Leading. ---

    void elected(long term, long lastIndex) {
        stopLeading();
        electedTerm = term;
        electedIndex = lastIndex;
        leadIfCaughtUp();
    }

    /** Another member was elected; this one notices after a while. */
    void deposed(long maxMs) {
        long was = Math.max(leadsInTerm, electedTerm);
        runLater(0, maxMs, incarnation, () -> {
            if (was > 0 && (leadsInTerm == was || electedTerm == was)) {
                stopLeading();
            }
        });
    }

    private void stopLeading() {
        electedTerm = 0;
        leadsInTerm = 0;
        keeper.follow();
    }

    private void leadIfCaughtUp() {
        if (electedTerm > 0 && keyspace != null && keyspace.applied().index() >= electedIndex) {
            leadsInTerm = electedTerm;
            electedTerm = 0;
            keeper.lead(leadsInTerm, keyspace.leaseTimeMs(), keyspace.leases());
        }
    }

    /** Hands a command to this member, which must think that it leads. */
    void propose(Pending pending) {
        queue.add(pending);
        if (queue.size() == 1) {
            runLater(0, 3, incarnation, this::proposeQueue);
        }
    }

    private void proposeQueue() {
        List<Pending> gathered = List.copyOf(queue);
        queue.clear();
        if (leadsInTerm == 0 || keyspace == null) {
            gathered.forEach(Pending::fail);
            return;
        }
        LogBatch.Builder batch = LogBatch.newBuilder()
                .setWallTimeMs(Math.max(keyspace.wallTimeMs(), 1_000_000_000L + time.nowMs() + wallOffsetMs))
                .setLeaseTimeMs(keeper.leaseTimeMs())
                .setLeaseTerm(leadsInTerm);
        gathered.forEach(pending -> batch.addCommands(pending.command()));
        cluster.propose(this, leadsInTerm, batch.build(), new SimCluster.Proposal(gathered, id, incarnation));
    }

    private void proposeDue() {
        if (leadsInTerm != 0 && isReady()) {
            LeaseKeeper proposer = keeper;
            for (Command command : keeper.due()) {
                propose(new Pending(command, result -> {}, () -> proposer.failed(command)));
            }
        }
    }

    // --- Applying. ---

    /** There may be something to apply. */
    void wakeApplier() {
        if (!applying && isReady()) {
            applying = true;
            long pause = cluster.calm ? 5 : time.chance(0.01) ? 3_000 : 15;
            runLater(1, pause, incarnation, this::applySome);
        }
    }

    private void applySome() {
        applying = false;
        if (isReady()) {
            int entries = 1 + time.below(8);
            for (int i = 0; i < entries && applyNext(); i++) {
                leadIfCaughtUp();
            }
            if (keyspace.applied().index() < cluster.log.size() - 1) {
                wakeApplier();
            }
        }
    }

    private boolean applyNext() {
        long index = keyspace.applied().index() + 1;
        if (index >= cluster.log.size()) {
            return false;
        }
        SimCluster.Entry entry = cluster.log.get((int) index);
        LogBatch batch = faults.applied(entry.batch(), keyspace);
        List<CommandResult> results = keyspace.apply(new LogPosition(entry.term(), index), batch);
        if (keyspace.applied().index() != index) {
            throw SimTruth.disagree("member " + id + " is at " + keyspace.applied() + " after entry " + index);
        }
        cluster.truth.applied(id, index, keyspace.figures().stateHash());
        noteExpiries(batch, results);
        if (entry.proposal().isOf(id, incarnation) && (cluster.calm || !time.chance(0.1))) {
            List<Pending> pending = entry.proposal().takePending();
            for (int i = 0; i < pending.size(); i++) {
                pending.get(i).done(results.get(i));
            }
        }
        return true;
    }

    private void noteExpiries(LogBatch batch, List<CommandResult> results) {
        for (int i = 0; i < results.size(); i++) {
            if (batch.getCommands(i).hasExpireLeases()) {
                results.get(i).getLeases().getLeaseIdsList().forEach(cluster.leases::expired);
            }
        }
    }

    // --- What the hub asks, and is told. ---

    @Override
    public History history() {
        return ready().history();
    }

    @Override
    public KeyspaceView view() {
        return ready().view();
    }

    private StoredKeyspace ready() {
        if (keyspace == null) {
            throw new StoreException(ErrorCode.NOT_READY, "a snapshot is being installed");
        }
        return keyspace;
    }

    @Override
    public void onApplied(List<RevisionEvents> revisions, long currentRevision, long compactRevision) {
        cluster.truth.announced(id, revisions, announcedRevision);
        announcedRevision = currentRevision;
        hub.onApplied(faults.announced(revisions), currentRevision, compactRevision);
    }

    @Override
    public void onSnapshotInstalled(long currentRevision, long compactRevision) {
        throw new IllegalStateException("only the hub is told");
    }

    void connected(SimWatcher watcher) {
        watchers.add(watcher);
    }

    void left(SimWatcher watcher) {
        watchers.remove(watcher);
    }

    /** Longest time to live that owners ask for. */
    static Duration longestTtl() {
        return Duration.ofSeconds(16);
    }
}
