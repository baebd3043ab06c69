package dev.store.raft.consensus;

import dev.store.raft.SnapshotFile;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What goes on beside proposing, applying and reading, on a thread that may wait for disks. */
final class Housekeeping {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final ReplicaCore core;
    private final ScheduledExecutorService background;
    private final SnapshotWriter writer;

    Housekeeping(ReplicaCore core, ScheduledExecutorService background) {
        this.core = core;
        this.background = background;
        this.writer = new SnapshotWriter(core, background);
    }

    void start() {
        Supervisor supervisor = new Supervisor(core);
        SnapshotSchedule snapshots = new SnapshotSchedule(core);
        every(200, supervisor::look);
        DivergenceCheck divergence = new DivergenceCheck(core);
        every(500, snapshots::look);
        CommitMark mark = new CommitMark(
                core.options().dataFolder(),
                () -> core.raft().division().getRaftLog().getLastCommittedIndex());
        every(500, mark::look);
        every(3_000, divergence::look);
    }

    private void every(long millis, Runnable task) {
        var unused = background.scheduleWithFixedDelay(() -> quietly(task), millis, millis, TimeUnit.MILLISECONDS);
    }

    private void quietly(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            if (!core.isClosed()) {
                LOG.warn("housekeeping failed", e);
            }
        }
    }

    /**
     * The state must not be ahead of the log and the snapshots together: somebody has then taken the log away, and with
     * it the memory of votes and of what was acknowledged.
     */
    void checkLogReachesState() {
        long applied = core.applied().index();
        long log = core.raft().division().getRaftLog().getNextIndex() - 1;
        SnapshotStore.Snapshot snapshot = core.snapshots().latest();
        long reached = Math.max(log, snapshot == null ? -1 : snapshot.position().getIndex());
        require("the state has applied", applied, reached);
        require("this member knew as committed", CommitMark.read(core.options().dataFolder()), reached);
    }

    private void require(String what, long index, long reached) {
        if (index > reached) {
            throw new ReplicaException("data folder " + core.options().dataFolder() + ": " + what + " index " + index
                    + ", but the log ends at " + reached + " (expected: at least " + index
                    + "). The log was lost or replaced: remove member \""
                    + core.options().self().name()
                    + "\" from the cluster, empty the folder, and add the member again");
        }
    }

    CompletableFuture<SnapshotFile> writeSnapshot(Path file) {
        return writer.write(file);
    }
}
