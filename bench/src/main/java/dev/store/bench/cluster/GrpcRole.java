package dev.store.bench.cluster;

import dev.store.bench.cluster.Cluster.Role;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.util.function.Function;

/** Asks a node for its role over gRPC. */
final class GrpcRole {
    private GrpcRole() {}

    /** What the node at an endpoint says over a connection of its own; unknown if it does not answer. */
    static Role ask(String endpoint, Function<ManagedChannel, Role> question) {
        ManagedChannel channel = NettyChannelBuilder.forTarget(endpoint)
                .directExecutor()
                .usePlaintext()
                .build();
        try {
            return question.apply(channel);
        } catch (StatusRuntimeException e) {
            return Role.UNKNOWN;
        } finally {
            channel.shutdownNow();
        }
    }
}
