package dev.store.server.gateway;

import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.server.Server;
import dev.store.server.config.Endpoint;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP port of a node, on Armeria. */
public final class HttpPort implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpPort.class);

    /** A request of the gRPC port in JSON: base64 takes four characters for three bytes. */
    private static final int MAX_REQUEST_BYTES = 4 << 20;

    private static final int MAX_ANSWER_BYTES = 64 << 20;
    private static final int MAX_CONNECTIONS = 10_000;
    private static final Duration IDLE = Duration.ofMinutes(2);
    private static final Duration END = Duration.ofSeconds(2);

    private final Server server;
    private final ManagedChannel channel;

    private HttpPort(Server server, ManagedChannel channel) {
        this.server = server;
        this.channel = channel;
    }

    /**
     * Opens the port.
     *
     * @param listen its address
     * @param grpc the node's own gRPC port
     * @param loops for the connection to that port
     * @param ready whether the node is ready for linearizable calls
     * @throws IOException if the port cannot be opened
     */
    public static HttpPort start(Endpoint listen, InetSocketAddress grpc, EventLoopGroup loops, BooleanSupplier ready)
            throws IOException {
        ManagedChannel channel = NettyChannelBuilder.forAddress(grpc)
                .eventLoopGroup(loops)
                .channelType(NioSocketChannel.class)
                .directExecutor()
                .usePlaintext()
                .maxInboundMessageSize(MAX_ANSWER_BYTES)
                .disableRetry()
                .build();
        Server server = Server.builder()
                .port(new InetSocketAddress(listen.host(), listen.port()), SessionProtocol.HTTP)
                .workerGroup(1)
                .maxRequestLength(MAX_REQUEST_BYTES)
                .maxNumConnections(MAX_CONNECTIONS)
                .idleTimeout(IDLE)
                .gracefulShutdownTimeout(Duration.ZERO, END)
                .disableServerHeader()
                .service("prefix:/", new EtcdGateway(channel, ready))
                .build();
        try {
            server.start().join();
        } catch (CompletionException e) {
            channel.shutdownNow();
            throw new IOException("http listen address " + listen + ": cannot be listened on: " + e.getCause(), e);
        }
        return new HttpPort(server, channel);
    }

    /** The port that is open. */
    public int port() {
        return server.activeLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop().get(2 * END.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the HTTP port did not end in good order: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        channel.shutdownNow();
    }
}
