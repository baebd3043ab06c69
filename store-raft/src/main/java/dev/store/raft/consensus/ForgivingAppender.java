package dev.store.raft.consensus;

import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.raftlog.RaftLog;

/**
 * Sends a follower again what it had acknowledged and then lost, a torn end of its log for example.
 *
 * <p>Ratis 3.3.0 goes back behind the match index only in answer to entries, never to a heartbeat
 * ({@code LogAppenderBase.getNextIndexForInconsistency}), and from the eleventh failure in a row on it sleeps after each,
 * whereupon a heartbeat is due and no entries are sent: such a follower waits for as long as the leader leads. Going back
 * is always safe: a follower skips entries that it has, and says where to go on if they were applied.
 */
final class ForgivingAppender extends WakefulAppender {
    ForgivingAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
        super(server, state, follower);
    }

    @Override
    protected long getNextIndexForInconsistency(long requestFirstIndex, long replyNextIndex) {
        // The same request again would get the same answer.
        return replyNextIndex == requestFirstIndex && replyNextIndex > RaftLog.LEAST_VALID_LOG_INDEX
                ? replyNextIndex - 1
                : replyNextIndex;
    }
}
