package dev.store.jepsen.cluster;

import dev.store.api.v1.ClusterGrpc;
import dev.store.api.v1.HashRequest;
import dev.store.api.v1.HashResponse;
import dev.store.api.v1.KVGrpc;
import dev.store.api.v1.LeaseGrpc;
import dev.store.api.v1.MaintenanceGrpc;
import dev.store.api.v1.StatusRequest;
import dev.store.api.v1.StatusResponse;
import dev.store.api.v1.WatchGrpc;
import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Talks to one node and to no other: no retries and no other endpoint, so that every answer is that node's own. */
public final class NodeClient implements AutoCloseable {
    private static final int MESSAGE_BYTES = 64 * 1024 * 1024;

    private final ManagedChannel channel;

    /** A client of the node at this endpoint. */
    public NodeClient(String endpoint) {
        channel = Grpc.newChannelBuilder(endpoint, InsecureChannelCredentials.create())
                .maxInboundMessageSize(MESSAGE_BYTES)
                .disableRetry()
                .build();
    }

    /** The connection. */
    public Channel channel() {
        return channel;
    }

    /** Key-value calls with a deadline. */
    public KVGrpc.KVBlockingStub kv(Duration deadline) {
        return KVGrpc.newBlockingStub(channel).withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Lease calls with a deadline. */
    public LeaseGrpc.LeaseBlockingStub lease(Duration deadline) {
        return LeaseGrpc.newBlockingStub(channel).withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Streams of leases, without a deadline. */
    public LeaseGrpc.LeaseStub leaseStreams() {
        return LeaseGrpc.newStub(channel);
    }

    /** Watch streams, without a deadline. */
    public WatchGrpc.WatchStub watch() {
        return WatchGrpc.newStub(channel);
    }

    /** Cluster calls with a deadline. */
    public ClusterGrpc.ClusterBlockingStub cluster(Duration deadline) {
        return ClusterGrpc.newBlockingStub(channel).withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Maintenance calls with a deadline. */
    public MaintenanceGrpc.MaintenanceBlockingStub maintenance(Duration deadline) {
        return MaintenanceGrpc.newBlockingStub(channel).withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** What the node says of itself. */
    public StatusResponse status() {
        return maintenance(Duration.ofSeconds(5)).status(StatusRequest.getDefaultInstance());
    }

    /** The node's hash of all entries at a revision. */
    public HashResponse hash(long revision) {
        return maintenance(Duration.ofMinutes(1))
                .hash(HashRequest.newBuilder().setRevision(revision).build());
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
