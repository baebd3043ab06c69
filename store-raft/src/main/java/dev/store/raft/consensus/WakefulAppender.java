package dev.store.raft.consensus;

import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.util.AwaitForSignal;

/**
 * Is woken when there is something to send, always then, and only then.
 *
 * <p>Ratis 3.3.0 wakes the appenders of all followers with each answer of any of them and with each step of the commit
 * index ({@code LeaderStateImpl.commitIndexChanged}, {@code updateCommit}): half a dozen times for an entry that each sends
 * once. They find nothing and sleep on, but a thread that wakes costs more than most of what is done for an entry. What is
 * to be sent later has a signal of its own, and heartbeats come due while they sleep.
 *
 * <p>Nor does it sleep while there is no stream to the follower, as after each failure, though nothing is sent then until a
 * heartbeat is due ({@code GrpcLogAppender.getWaitTimeMs}, {@code LogAppenderBase.newAppendEntriesRequest}): it kept a core
 * busy for most of the first second in which a member was away.
 */
class WakefulAppender extends GrpcLogAppender {
    private final AppenderSignal signal;

    WakefulAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
        super(server, state, follower);
        this.signal = new AppenderSignal(follower.getName());
    }

    @Override
    public AwaitForSignal getEventAwaitForSignal() {
        return signal;
    }

    @Override
    public long getWaitTimeMs() {
        return hasAppendEntries() ? super.getWaitTimeMs() : getHeartbeatWaitTimeMs();
    }

    @Override
    public void notifyLogAppender() {
        if (shouldSendAppendEntries()) {
            super.notifyLogAppender();
        }
    }
}
