package dev.store.server.discovery;

import dev.store.api.error.GrpcErrors;
import dev.store.api.v1.HealthStatus;
import dev.store.server.config.AddressRange;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks at instances over the network, once for each call. It connects to nothing but allowed addresses: a name is
 * resolved first, and it is the resolved address that is judged and connected to.
 */
final class Probes {
    /** What was found. */
    record Result(HealthStatus status, String output) {
        static Result passing(String output) {
            return new Result(HealthStatus.HEALTH_STATUS_PASSING, output);
        }

        static Result critical(String output) {
            return new Result(HealthStatus.HEALTH_STATUS_CRITICAL, output);
        }
    }

    private final List<AddressRange> allowed;
    private final EventLoopGroup eventLoops;
    private final Executor resolver;

    /** @param resolver may block, and may refuse */
    Probes(List<AddressRange> allowed, EventLoopGroup eventLoops, Executor resolver) {
        this.allowed = allowed;
        this.eventLoops = eventLoops;
        this.resolver = resolver;
    }

    /** Whether an address may be connected to. */
    boolean allows(InetAddress address) {
        return allowed.stream().anyMatch(range -> range.contains(address));
    }

    /** Does a check; never fails. */
    CompletableFuture<Result> probe(ActiveCheck check) {
        return resolve(check.instance().getAddress())
                .thenCompose(address -> allows(address)
                        ? connect(check, new InetSocketAddress(address, check.port()))
                        : CompletableFuture.completedFuture(Result.critical("address " + address.getHostAddress()
                                + " is not among those that checks.allowed names")))
                .orTimeout(check.timeoutMs(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> Result.critical(reason(GrpcErrors.unwrap(failure), check)));
    }

    private static String reason(Throwable failure, ActiveCheck check) {
        return failure instanceof TimeoutException
                ? "no answer within " + check.timeoutMs() + " ms"
                : String.valueOf(failure.getMessage());
    }

    private CompletableFuture<Result> connect(ActiveCheck check, InetSocketAddress address) {
        return switch (check.check().getKindCase()) {
            case HTTP -> http(check, address);
            case GRPC -> grpc(check, address);
            default -> tcp(check, address);
        };
    }

    private CompletableFuture<InetAddress> resolve(String address) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(address);
        CompletableFuture<InetAddress> resolved = new CompletableFuture<>();
        if (literal != null) {
            try {
                resolved.complete(InetAddress.getByAddress(literal));
            } catch (UnknownHostException e) {
                resolved.completeExceptionally(e);
            }
            return resolved;
        }
        try {
            resolver.execute(() -> {
                try {
                    resolved.complete(InetAddress.getByName(address));
                } catch (UnknownHostException e) {
                    resolved.completeExceptionally(new UnknownHostException("name not resolved: " + address));
                }
            });
        } catch (RejectedExecutionException e) {
            resolved.completeExceptionally(e);
        }
        return resolved;
    }

    private CompletableFuture<Result> tcp(ActiveCheck check, InetSocketAddress address) {
        CompletableFuture<Result> result = new CompletableFuture<>();
        var unused = open(check, address, new ChannelInboundHandlerAdapter() {}, result)
                .thenAccept(channel -> result.complete(Result.passing("connected")));
        return result;
    }

    private CompletableFuture<Result> http(ActiveCheck check, InetSocketAddress address) {
        CompletableFuture<Result> result = new CompletableFuture<>();
        String path = check.check().getHttp().getPath();
        HttpProbe probe =
                new HttpProbe(check.instance().getAddress() + ":" + check.port(), path.isEmpty() ? "/" : path, result);
        var unused = open(
                check,
                address,
                new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        probe.install(channel.pipeline());
                    }
                },
                result);
        return result;
    }

    /** Connects, and closes the connection as soon as there is a result, also if it comes by time running out. */
    private CompletableFuture<Channel> open(
            ActiveCheck check,
            InetSocketAddress address,
            io.netty.channel.ChannelHandler handler,
            CompletableFuture<Result> result) {
        CompletableFuture<Channel> opened = new CompletableFuture<>();
        var connecting = new Bootstrap()
                .group(eventLoops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(check.timeoutMs()))
                .handler(handler)
                .connect(address);
        var unusedListener = connecting.addListener(done -> {
            if (connecting.isSuccess()) {
                Channel channel = connecting.channel();
                // The outer time limit completes another future: this one ends the connection.
                var limit = eventLoops.schedule(
                        () -> result.completeExceptionally(new TimeoutException()),
                        check.timeoutMs(),
                        TimeUnit.MILLISECONDS);
                var unused = result.whenComplete((found, failure) -> {
                    limit.cancel(false);
                    var unusedClose = channel.close();
                });
                opened.complete(channel);
            } else {
                result.complete(
                        Result.critical(String.valueOf(connecting.cause().getMessage())));
            }
        });
        return opened;
    }

    private CompletableFuture<Result> grpc(ActiveCheck check, InetSocketAddress address) {
        CompletableFuture<Result> result = new CompletableFuture<>();
        ManagedChannel channel = NettyChannelBuilder.forAddress(address)
                .eventLoopGroup(eventLoops)
                .channelType(NioSocketChannel.class)
                .directExecutor()
                .usePlaintext()
                .build();
        HealthCheckRequest request = HealthCheckRequest.newBuilder()
                .setService(check.check().getGrpc().getService())
                .build();
        HealthGrpc.newStub(channel)
                .withDeadlineAfter(check.timeoutMs(), TimeUnit.MILLISECONDS)
                .check(request, new StreamObserver<>() {
                    @Override
                    public void onNext(HealthCheckResponse response) {
                        boolean serving = response.getStatus() == HealthCheckResponse.ServingStatus.SERVING;
                        String said = response.getStatus().name();
                        result.complete(serving ? Result.passing(said) : Result.critical(said));
                    }

                    @Override
                    public void onError(Throwable failure) {
                        result.complete(Result.critical(String.valueOf(failure.getMessage())));
                    }

                    @Override
                    public void onCompleted() {
                        result.complete(Result.critical("no answer"));
                    }
                });
        var unused = result.whenComplete((found, failure) -> channel.shutdownNow());
        return result;
    }
}
