package dev.store.server.retention;

import dev.store.api.error.GrpcErrors;
import dev.store.api.v1.MemberRole;
import dev.store.raft.Replica;
import dev.store.raft.ReplicaInfo;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.Compact;
import dev.store.server.config.HistoryConfig;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets old history as configured. Every member watches revisions grow old, so that a new leader need not start from
 * nothing; only the leader proposes, through the log, so that all members forget at the same point.
 */
public final class AutoCompaction {
    private static final Logger LOG = LoggerFactory.getLogger(AutoCompaction.class);

    private final Replica replica;
    private final LongSupplier nanoTime;
    private final RetentionPlan plan;
    private volatile long proposed;

    /**
     * Makes the job; {@link #run} does it.
     *
     * @param nanoTime monotonic time
     */
    public AutoCompaction(Replica replica, HistoryConfig config, LongSupplier nanoTime) {
        this.replica = replica;
        this.nanoTime = nanoTime;
        this.plan = new RetentionPlan(config.keepTime(), config.keepRevisions());
    }

    /** One look; to be called at the configured interval by one thread. */
    public void run() {
        ReplicaInfo info = replica.info();
        long now = nanoTime.getAsLong();
        plan.observe(now, info.revision());
        long target = plan.target(now, info.revision());
        if (info.role() == MemberRole.MEMBER_ROLE_LEADER && target > proposed) {
            propose(info, target);
        }
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
