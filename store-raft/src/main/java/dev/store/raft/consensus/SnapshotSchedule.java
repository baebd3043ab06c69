package dev.store.raft.consensus;

import dev.store.raft.keyspace.Keyspace;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has snapshots taken when enough was written to the log, or enough time has passed, since the last one. Ratis counts
 * entries only, which says nothing about bytes.
 */
final class SnapshotSchedule {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotSchedule.class);
    private static final long REQUEST_TIMEOUT_MS = 60_000;

    private final ReplicaCore core;
    private final long afterBytes;
    private final Duration after;
    private long bytesAtLast;
    private long lastNanos = System.nanoTime();
    private long indexAtLast = -1;
    private boolean underWay;

    SnapshotSchedule(ReplicaCore core) {
        this.core = core;
        this.afterBytes = core.options().storage().snapshotAfterLogBytes();
        this.after = core.options().storage().snapshotAfter();
    }

    /** Looks once; called by one thread, which may wait for the disk. */
    void look() {
        SnapshotStore.Snapshot newest = core.snapshots().latest();
        long snapshotIndex = newest == null ? -1 : newest.position().getIndex();
        if (snapshotIndex != indexAtLast) {
            // Also one that was installed, or that Ratis took by itself.
            indexAtLast = snapshotIndex;
            bytesAtLast = core.machine().bytesApplied();
            lastNanos = System.nanoTime();
        }
        boolean enough = core.machine().bytesApplied() - bytesAtLast >= afterBytes;
        // Zero is "never", not "always".
        boolean late = !after.isZero()
                && System.nanoTime() - lastNanos >= after.toNanos()
                && core.applied().index() > snapshotIndex;
        if ((enough || late) && !underWay()) {
            take();
        }
    }

    private synchronized boolean underWay() {
        return underWay;
    }

    private synchronized void setUnderWay(boolean now) {
        underWay = now;
    }

    private void take() {
        // What is flushed here need not be flushed while applying stands still.
        core.holder().with(keyspace -> flushed(keyspace));
        setUnderWay(true);
        try {
            var unused = core.raft().takeSnapshot(REQUEST_TIMEOUT_MS).whenComplete((reply, failure) -> {
                setUnderWay(false);
                if (failure != null || !reply.isSuccess()) {
                    LOG.warn(
                            "snapshot: not taken: {}",
                            RaftPort.describe(failure != null ? failure : reply.getException()));
                }
            });
        } catch (IOException e) {
            setUnderWay(false);
            LOG.warn("snapshot: not taken: {}", RaftPort.describe(e));
        }
    }

    private static boolean flushed(Keyspace keyspace) {
        keyspace.flush();
        return true;
    }
}
