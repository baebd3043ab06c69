package dev.store.raft.consensus;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LogAppender;
import org.apache.ratis.server.raftlog.RaftLog;

/**
 * Tells followers soon that the newest entry is committed.
 *
 * <p>A follower learns the commit index from the next request of the leader. While writes keep coming that is the next
 * entry; after the last one Ratis leaves it to the heartbeat, up to half an election timeout later, and until then
 * whoever watches on a follower does not see the change. Here the leader has heartbeats sent soon after it has applied
 * an entry and nothing has followed it. Ratis may swallow a heartbeat that was asked for, so it is asked for again until the
 * follower has said that it knows.
 */
final class CommitNews {
    /** An answer to a heartbeat takes about this long. */
    private static final long PATIENCE_MS = 2;

    /** After so many times, each after twice the time, it is left to the ordinary heartbeats. */
    private static final int MOST_REPEATS = 6;

    private final Supplier<RaftServer.Division> division;
    private final Leadership leadership;
    private final Appenders appenders;
    private final ScheduledExecutorService timer;
    private final long silentAfterMs;
    /** The newest piece of news; only the timer's thread uses it. */
    private long newest;

    CommitNews(
            Supplier<RaftServer.Division> division,
            Leadership leadership,
            Appenders appenders,
            ScheduledExecutorService timer,
            Duration electionMax) {
        this.division = division;
        this.leadership = leadership;
        this.appenders = appenders;
        this.timer = timer;
        this.silentAfterMs = electionMax.toMillis();
    }

    /** Nothing has followed the last entry that was applied here; never blocks. */
    void settled() {
        if (leadership.leading()) {
            timer.execute(() -> {
                newest++;
                spread(newest, 0);
            });
        }
    }

    private void spread(long news, int repeats) {
        if (news != newest) {
            return;
        }
        RaftServer.Division raft = division.get();
        RaftLog log = raft.getRaftLog();
        long committed = log.getLastCommittedIndex();
        if (!leadership.leading() || log.getNextIndex() - 1 > committed) {
            return;
        }
        boolean told = true;
        for (LogAppender appender : appenders.of(raft.getRaftConf())) {
            if (appender.isRunning() && wants(appender, committed)) {
                appender.triggerHeartbeat();
                told = false;
            }
        }
        if (!told && repeats < MOST_REPEATS) {
            var unused = timer.schedule(
                    () -> spread(news, repeats + 1), PATIENCE_MS << (repeats + 1), TimeUnit.MILLISECONDS);
        }
    }

    /**
     * One that does not answer is left to the ordinary heartbeats: requests would only pile up. One that lacks entries hears
     * of the commit with these, and a heartbeat in their place keeps them from it.
     */
    private boolean wants(LogAppender appender, long committed) {
        FollowerInfo follower = appender.getFollower();
        return follower.getCommitIndex() < committed
                && follower.getMatchIndex() >= committed
                && follower.getLastRpcResponseTime().elapsedTimeMs() < silentAfterMs;
    }
}
