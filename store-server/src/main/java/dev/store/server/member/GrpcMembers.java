package dev.store.server.member;

import dev.store.raft.MemberCalls;
import dev.store.raft.Members;
import dev.store.server.config.Endpoint;
import dev.store.server.config.PeerConfig;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Reaches other members over gRPC, with one connection for each endpoint. */
public final class GrpcMembers implements Members, AutoCloseable {
    /** Answers hold up to 4 MiB of results, and the fields around them. */
    private static final int MAX_ANSWER_BYTES = 8 * 1024 * 1024;

    private static final int KEEPALIVE_SECONDS = 10;

    private final EventLoopGroup eventLoops;
    private final ClusterGuard guard;
    private final PeerConfig patience;
    private final Map<String, Peer> peers = new ConcurrentHashMap<>();

    public GrpcMembers(EventLoopGroup eventLoops, ClusterGuard guard, PeerConfig patience) {
        this.eventLoops = eventLoops;
        this.guard = guard;
        this.patience = patience;
    }

    @Override
    public MemberCalls at(String clientEndpoint) {
        return peers.computeIfAbsent(clientEndpoint, this::connect).calls;
    }

    /** The connection to a member, for calls of members beside those of {@link MemberCalls}; names this cluster. */
    public Channel channel(String clientEndpoint) {
        ManagedChannel channel = peers.computeIfAbsent(clientEndpoint, this::connect).channel;
        return ClientInterceptors.intercept(channel, new ClientInterceptor() {
            @Override
            public <Q, A> ClientCall<Q, A> interceptCall(
                    MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
                return next.newCall(method, options.withCallCredentials(guard));
            }
        });
    }

    /** Closes the connections to endpoints that no member has any more. */
    public void retain(Set<String> clientEndpoints) {
        peers.keySet().stream()
                .filter(endpoint -> !clientEndpoints.contains(endpoint))
                .toList()
                .forEach(endpoint -> {
                    Peer gone = peers.remove(endpoint);
                    if (gone != null) {
                        gone.channel.shutdown();
                    }
                });
    }

    @Override
    public void close() {
        peers.values().forEach(peer -> peer.channel.shutdownNow());
        peers.clear();
    }

    private Peer connect(String clientEndpoint) {
        Endpoint endpoint = Endpoint.parse(clientEndpoint);
        ManagedChannel channel = NettyChannelBuilder.forAddress(endpoint.host(), endpoint.port())
                .eventLoopGroup(eventLoops)
                .channelType(NioSocketChannel.class)
                .directExecutor()
                .usePlaintext()
                .maxInboundMessageSize(MAX_ANSWER_BYTES)
                .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .disableRetry()
                .build();
        return new Peer(channel, new RemoteMember(clientEndpoint, channel, guard, patience));
    }

    private record Peer(ManagedChannel channel, MemberCalls calls) {}
}
