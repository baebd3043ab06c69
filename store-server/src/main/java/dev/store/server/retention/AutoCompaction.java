package dev.store.server.retention;

import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.api.v1.MemberRole;
import dev.store.raft.Replica;
import dev.store.raft.ReplicaInfo;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.Compact;
import dev.store.server.config.HistoryConfig;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets old history as configured. Only the leader proposes, through the log, so that all members forget at the same
 * point.
 *
 * <p>What has happened cannot be brought back, so a wall clock that jumps must not make history old: it is believed only
 * as far as the time that really passed since the start bears it out.
 */
public final class AutoCompaction {
    private static final Logger LOG = LoggerFactory.getLogger(AutoCompaction.class);

    private final Replica replica;
    private final LongSupplier nanoTime;
    private final LongSupplier wallTimeMs;
    private final long startNanos;
    private final long startMs;
    private final RetentionPlan plan;
    private volatile long proposed;

    /**
     * Makes the job; {@link #run} does it.
     *
     * @param nanoTime monotonic time
     * @param wallTimeMs ms since 1970
     */
    public AutoCompaction(Replica replica, HistoryConfig config, LongSupplier nanoTime, LongSupplier wallTimeMs) {
        this.replica = replica;
        this.nanoTime = nanoTime;
        this.wallTimeMs = wallTimeMs;
        this.startNanos = nanoTime.getAsLong();
        this.startMs = wallTimeMs.getAsLong();
        this.plan = new RetentionPlan(config.keepTime(), config.keepRevisions());
    }

    /** One look; to be called at the configured interval by one thread. */
    public void run() {
        ReplicaInfo info = replica.info();
        if (info.role() != MemberRole.MEMBER_ROLE_LEADER) {
            return;
        }
        long target;
        try {
            target = plan.target(replica.history(), now());
        } catch (StoreException e) {
            LOG.debug("history not looked at: member={} reason=\"{}\"", info.name(), e.getMessage());
            return;
        }
        if (target > proposed) {
            propose(info, target);
        }
    }

    private long now() {
        long passedMs = TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - startNanos);
        return Math.min(wallTimeMs.getAsLong(), startMs + passedMs);
    }

    private void propose(ReplicaInfo info, long target) {
        proposed = target;
        Command command = Command.newBuilder()
                .setCompact(Compact.newBuilder().setRevision(target))
                .build();
        var unused = replica.propose(command).whenComplete((result, failure) -> {
            if (failure != null) {
                proposed = 0;
                LOG.warn(
                        "history not compacted: member={} term={} revision={} reason=\"{}\"",
                        info.name(),
                        info.term(),
                        target,
                        GrpcErrors.fromGrpc(failure).getMessage());
            } else if (result.hasFailure()) {
                LOG.debug(
                        "history already compacted: member={} revision={} reason=\"{}\"",
                        info.name(),
                        target,
                        result.getFailure().getMessage());
            } else {
                LOG.info("history compacted: member={} term={} revision={}", info.name(), info.term(), target);
            }
        });
    }
}
