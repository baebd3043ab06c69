package dev.store.bench.load;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Connections spread evenly over the endpoints, all on few threads; answers are handled where they arrive. */
public final class Connections implements AutoCloseable {
    private static final int MAX_MESSAGE_BYTES = 16 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final EventLoopGroup eventLoops;
    private final List<ManagedChannel> channels = new ArrayList<>();

    /** So many connections, number i to endpoint i modulo their number. */
    public Connections(List<String> endpoints, int count, int threads) {
        eventLoops = new MultiThreadIoEventLoopGroup(threads, NioIoHandler.newFactory());
        for (int i = 0; i < count; i++) {
            channels.add(NettyChannelBuilder.forTarget(endpoints.get(i % endpoints.size()))
                    .eventLoopGroup(eventLoops)
                    .channelType(NioSocketChannel.class)
                    .directExecutor()
                    .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                    .usePlaintext()
                    .build());
        }
    }

    /** The connection of a logical client. */
    public ManagedChannel of(int client) {
        return channels.get(client % channels.size());
    }

    /** Makes a unary call for a client. */
    public <Q, A> void call(int client, MethodDescriptor<Q, A> method, Q request, Operation.Done done) {
        ClientCalls.asyncUnaryCall(of(client).newCall(method, CallOptions.DEFAULT), request, new Reply<>(done));
    }

    /** Makes a unary call for a client that does something with its answer; only an error ends the operation. */
    public <Q, A> void call(
            int client, MethodDescriptor<Q, A> method, Q request, Consumer<A> next, Operation.Done done) {
        ClientCalls.asyncUnaryCall(of(client).newCall(method, CallOptions.DEFAULT), request, new StreamObserver<>() {
            private @Nullable A answer;

            @Override
            public void onNext(A value) {
                answer = value;
            }

            @Override
            public void onError(Throwable failure) {
                done.failed(Failures.code(failure));
            }

            @Override
            public void onCompleted() {
                if (answer != null) {
                    next.accept(answer);
                }
            }
        });
    }

    /** Makes a unary call and keeps its answer. */
    public <Q, A> CompletableFuture<A> ask(int client, MethodDescriptor<Q, A> method, Q request) {
        return ask(client, method, request, PATIENCE);
    }

    /** Makes a unary call that may take so long, and keeps its answer. */
    public <Q, A> CompletableFuture<A> ask(int client, MethodDescriptor<Q, A> method, Q request, Duration patience) {
        CompletableFuture<A> answer = new CompletableFuture<>();
        ClientCalls.asyncUnaryCall(
                of(client)
                        .newCall(
                                method,
                                CallOptions.DEFAULT.withDeadlineAfter(patience.toNanos(), TimeUnit.NANOSECONDS)),
                request,
                new StreamObserver<>() {
                    @Override
                    public void onNext(A value) {
                        answer.complete(value);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {}
                });
        return answer;
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    private static final class Reply<A> implements StreamObserver<A> {
        private final Operation.Done done;

        Reply(Operation.Done done) {
            this.done = done;
        }

        @Override
        public void onNext(A value) {
            // Counted when the call is complete.
        }

        @Override
        public void onError(Throwable failure) {
            done.failed(Failures.code(failure));
        }

        @Override
        public void onCompleted() {
            done.succeeded();
        }
    }
}
