package dev.store.raft.consensus;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.rpc.SupportedRpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;
import org.jspecify.annotations.Nullable;

/** Makes appenders that the {@link Appenders} know. */
final class AppenderGrpcFactory extends GrpcFactory {
    private static final String KEY = "store.appenders";

    private final @Nullable Appenders appenders;

    AppenderGrpcFactory(Parameters parameters, AppenderRpcType type) {
        super(parameters);
        this.appenders = parameters == null ? null : parameters.get(KEY, Appenders.class);
    }

    static Parameters parameters(Appenders appenders, PeerCalls calls) {
        Parameters parameters = new Parameters();
        parameters.put(KEY, appenders, Appenders.class);
        GrpcConfigKeys.Server.setServicesCustomizer(parameters, calls);
        return parameters;
    }

    @Override
    public SupportedRpcType getRpcType() {
        return SupportedRpcType.GRPC;
    }

    @Override
    public LogAppender newLogAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
        if (appenders == null) {
            return super.newLogAppender(server, state, follower);
        }
        LogAppender appender = new ForgivingAppender(server, state, follower);
        appenders.started(appender);
        return appender;
    }
}
