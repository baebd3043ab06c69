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
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Talks to one node and to no other: no retries and no other endpoint, so that every answer is that node's own. */
public final class NodeClient implements AutoCloseable {
    private static final int MESSAGE_BYTES = 64 * 1024 * 1024;

    /**
     * Threads of all clients, which end with the rig. The ones that gRPC shares end a second after the last client was
     * closed, as all are when all nodes are killed: streams whose consumers are slow then never end, and calls to nodes that
     * are gone fail with exceptions instead of answers (seen with grpc-java 1.85.1).
     */
    private static final EventLoopGroup LOOPS = new MultiThreadIoEventLoopGroup(
            2, new DefaultThreadFactory("node-client", true), NioIoHandler.newFactory());

    private static final ExecutorService CALLBACKS =
            Executors.newCachedThreadPool(new DefaultThreadFactory("node-answers", true));

    private final ManagedChannel channel;

    /** A client of the node at this endpoint. */
    public NodeClient(String endpoint) {
        channel = NettyChannelBuilder.forTarget(endpoint)
                .eventLoopGroup(LOOPS)
                .channelType(NioSocketChannel.class)
                .executor(CALLBACKS)
                .usePlaintext()
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
