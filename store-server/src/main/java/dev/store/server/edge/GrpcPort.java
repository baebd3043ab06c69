package dev.store.server.edge;

import dev.store.api.Limits;
import dev.store.server.config.ClientConfig;
import dev.store.server.config.Endpoint;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The gRPC port. Calls are handled on the event loops themselves, which saves a hand-over for each, and is why nothing
 * that handles them may block.
 */
public final class GrpcPort {
    /** The transport's bound for one message; requests are held to {@link Limits#REQUEST_BYTES} with a better error. */
    private static final int MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

    /**
     * How much of a connection is framed before it is written (WeightedFairQueueByteDistributor asks the channel how much it
     * takes). With Netty's 64 KiB a list of a thousand keys, or a response of a watch, takes several rounds.
     */
    private static final WriteBufferWaterMark WRITE_BUFFER = new WriteBufferWaterMark(256 << 10, 512 << 10);

    private final NettyServerBuilder builder;
    private final RequestSizeInterceptor requestSize;
    private final FailureInterceptor failures = new FailureInterceptor();
    private final ConnectionLimit connections;
    private final List<String> services = new ArrayList<>();

    /**
     * Prepares the port.
     *
     * @param eventLoops accept connections and handle calls
     * @param maxRequestBytes largest request of the public services
     */
    public GrpcPort(ClientConfig config, EventLoopGroup eventLoops, long maxRequestBytes) {
        Endpoint listen = config.listen();
        requestSize = new RequestSizeInterceptor(maxRequestBytes);
        connections = new ConnectionLimit(config.maxConnections());
        builder = NettyServerBuilder.forAddress(new InetSocketAddress(listen.host(), listen.port()))
                .bossEventLoopGroup(eventLoops)
                .workerEventLoopGroup(eventLoops)
                .channelType(NioServerSocketChannel.class)
                .directExecutor()
                .withChildOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_BUFFER)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .maxInboundMetadataSize(MAX_HEADER_BYTES)
                .maxConcurrentCallsPerConnection(config.maxCallsPerConnection())
                .handshakeTimeout(HANDSHAKE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTime(config.keepaliveTime().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(config.keepaliveTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(config.minKeepaliveInterval().toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true)
                .addTransportFilter(connections);
    }

    /** Adds a public service. */
    public GrpcPort add(BindableService service) {
        return add(service.bindService());
    }

    /** Adds a public service that has interceptors of its own. */
    public GrpcPort add(ServerServiceDefinition service) {
        services.add(service.getServiceDescriptor().getName());
        return addGuarded(ServerInterceptors.intercept(service, requestSize));
    }

    /**
     * Adds a public service of another protocol.
     *
     * @param translator sees each call first, so that it can tell of all failures in the terms of that protocol
     */
    public GrpcPort add(ServerServiceDefinition service, ServerInterceptor translator) {
        services.add(service.getServiceDescriptor().getName());
        return addGuarded(ServerInterceptors.intercept(service, requestSize, translator));
    }

    /** Adds a service for members, whose requests hold a public request and a little more. */
    public GrpcPort addInternal(ServerServiceDefinition service) {
        return addGuarded(service);
    }

    /** Names of the public services that were added. */
    public List<String> services() {
        return List.copyOf(services);
    }

    /** Opens the port. */
    public Server start() throws IOException {
        return builder.build().start();
    }

    private GrpcPort addGuarded(ServerServiceDefinition service) {
        // Requests are parsed below the interceptors, so that one that is no message is answered like any other
        // failure.
        // The last one named sees the call first: failures of the others are mapped too.
        builder.addService(ServerInterceptors.intercept(
                ServerInterceptors.useMarshalledMessages(service, new PassThrough()), connections, failures));
        return this;
    }
}
