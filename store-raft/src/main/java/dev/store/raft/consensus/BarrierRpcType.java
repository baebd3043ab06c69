package dev.store.raft.consensus;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;

/**
 * Ratis' gRPC transport with eyes on the followers' replies, for the {@link ReadBarrier}. Public, with a constructor
 * without arguments, because Ratis makes it by name.
 */
public final class BarrierRpcType implements RpcType {
    /** Made by Ratis. */
    public BarrierRpcType() {}

    @Override
    public String name() {
        return BarrierRpcType.class.getName();
    }

    @Override
    public String toString() {
        return name();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        return new BarrierGrpcFactory(parameters, this);
    }
}
