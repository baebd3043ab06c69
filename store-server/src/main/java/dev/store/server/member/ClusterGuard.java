package dev.store.server.member;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.UUID;
import java.util.concurrent.Executor;

/**
 * Keeps members of different clusters apart: an address that was given to another cluster must not make one cluster's
 * follower forward its writes to the other's leader.
 */
public final class ClusterGuard extends CallCredentials implements ServerInterceptor {
    private static final Metadata.Key<String> CLUSTER =
            Metadata.Key.of("store-cluster", Metadata.ASCII_STRING_MARSHALLER);

    private final String cluster;

    public ClusterGuard(UUID cluster) {
        this.cluster = cluster.toString();
    }

    @Override
    public void applyRequestMetadata(RequestInfo request, Executor executor, MetadataApplier applier) {
        Metadata headers = new Metadata();
        headers.put(CLUSTER, cluster);
        applier.apply(headers);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String caller = headers.get(CLUSTER);
        if (!cluster.equals(caller)) {
            throw new StoreException(
                    ErrorCode.UNREACHABLE, "cluster of the caller: " + caller + " (expected: " + cluster + ")");
        }
        return next.startCall(call, headers);
    }
}
