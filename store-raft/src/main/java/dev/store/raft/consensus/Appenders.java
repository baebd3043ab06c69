package dev.store.raft.consensus;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.leader.LogAppender;
import org.jspecify.annotations.Nullable;

/** The newest appender for each follower. */
final class Appenders {
    private final Map<RaftPeerId, LogAppender> byFollower = new ConcurrentHashMap<>();

    /** An appender was made; it replaces an earlier one for the same follower. */
    void started(LogAppender appender) {
        byFollower.put(appender.getFollowerId(), appender);
    }

    /** The appender for a follower, if this member leads or once led; it may have stopped. */
    @Nullable
    LogAppender of(RaftPeerId follower) {
        return byFollower.get(follower);
    }

    /** The appenders for the members of a configuration, learners too, as far as there are any. */
    List<LogAppender> of(RaftConfiguration configuration) {
        return Stream.concat(
                        configuration.getCurrentPeers().stream(),
                        configuration.getCurrentPeers(RaftPeerRole.LISTENER).stream())
                .map(member -> byFollower.get(member.getId()))
                .filter(Objects::nonNull)
                .toList();
    }
}
