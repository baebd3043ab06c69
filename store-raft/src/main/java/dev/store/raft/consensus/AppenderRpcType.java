package dev.store.raft.consensus;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;

/**
 * Ratis' gRPC transport whose appenders are known to {@link Appenders}. Public, with a constructor
 * without arguments, because Ratis makes it by name.
 */
public final class AppenderRpcType implements RpcType {
    /** Made by Ratis. */
    public AppenderRpcType() {}

    @Override
    public String name() {
        return AppenderRpcType.class.getName();
    }

    @Override
    public String toString() {
        return name();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        return new AppenderGrpcFactory(parameters, this);
    }
}
