package dev.store.raft.consensus;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.LogAppender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the appenders again that Ratis stopped although their followers are members.
 *
 * <p>When a new member cannot be reached, Ratis 3.3.0 gives up the change and stops the appenders of all followers that
 * it does not count as caught up ({@code LeaderStateImpl.ConfigurationStagingState.fail}). It never counts a learner as
 * caught up, nor the voter that it later becomes ({@code checkStaging} asks whether it is a voter already): that member
 * then hears nothing any more until the leader changes.
 */
final class StoppedAppenders {
    private static final Logger LOG = LoggerFactory.getLogger(StoppedAppenders.class);

    /** Ratis stops an appender and starts its successor itself where it means to; this is long after that. */
    private static final long PATIENCE_NANOS = 1_000_000_000L;

    private final Supplier<RaftServer.Division> division;
    private final Appenders appenders;
    private final Map<RaftPeerId, Seen> seen = new HashMap<>();

    /** An appender that was found stopped, and when first. */
    private record Seen(LogAppender appender, long atNanos) {}

    StoppedAppenders(Supplier<RaftServer.Division> division, Appenders appenders) {
        this.division = division;
        this.appenders = appenders;
    }

    /** Looks at all followers; called now and then by one thread while this member leads. */
    void look() {
        for (LogAppender appender : appenders.of(division.get().getRaftConf())) {
            RaftPeerId member = appender.getFollowerId();
            if (appender.isRunning()) {
                seen.remove(member);
            } else if (isStoppedForLong(member, appender)) {
                LOG.warn("member {} was no longer sent the log; it is again", member);
                seen.remove(member);
                appender.getLeaderState().restart(appender);
            }
        }
    }

    private boolean isStoppedForLong(RaftPeerId member, LogAppender appender) {
        Seen before = seen.get(member);
        if (before == null || before.appender != appender) {
            seen.put(member, new Seen(appender, System.nanoTime()));
            return false;
        }
        return System.nanoTime() - before.atNanos > PATIENCE_NANOS;
    }
}
