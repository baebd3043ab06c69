package dev.store.server.services;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.v1.KVGrpc;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.Put;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.Range;
import dev.store.api.v1.RangeChunk;
import dev.store.api.v1.RangeRequest;
import dev.store.raft.Replica;
import dev.store.server.edge.Headers;
import dev.store.server.edge.ReadPool;
import dev.store.server.edge.Reads;
import dev.store.server.testing.TestCluster;
import dev.store.server.testing.TestCluster.Node;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A streamed range, over the wire, whose time is up. */
@Timeout(60)
class RangeStreamExpiryTest {
    private static final int ENTRIES = 12;
    private static final ByteString VALUE = ByteString.copyFrom(new byte[900 << 10]);

    @TempDir
    Path folder;

    @Test
    void aStreamThatIsNotTakenInTimeEndsAndLetsGoOfItsView() throws Exception {
        try (TestCluster cluster = TestCluster.start(folder, 1, Map.of());
                ReadPool pool = new ReadPool(1, 10)) {
            Node node = cluster.node(0);
            for (int i = 0; i < ENTRIES; i++) {
                node.kv()
                        .put(PutRequest.newBuilder()
                                .setPut(Put.newBuilder()
                                        .setKey(ByteString.copyFromUtf8("k" + i))
                                        .setValue(VALUE))
                                .build());
            }
            ManualTimer timer = new ManualTimer();
            Server server = serve(node.server().replica(), pool, timer);
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                    .usePlaintext()
                    .build();
            try {
                StalledRange call = new StalledRange();
                KVGrpc.newStub(channel)
                        .streamRange(
                                RangeRequest.newBuilder()
                                        .setRange(Range.newBuilder()
                                                .setKeys(KeySelector.newBuilder()
                                                        .setPrefix(ByteString.copyFromUtf8("k"))))
                                        .build(),
                                call);
                call.first.get(20, TimeUnit.SECONDS);

                assertThat(timer.delay).isEqualTo(Limits.STREAM_LIFE);
                timer.fire();
                call.readOn();

                Throwable failure = call.end.get(20, TimeUnit.SECONDS);
                assertThat(failure).as("the stream's end").isNotNull();
                assertThat(GrpcErrors.fromGrpc(failure).code()).isEqualTo(ErrorCode.STREAM_EXPIRED);
                assertThat(failure).hasMessageContaining("at revision " + node.revision());
                assertThat(call.entries.get()).isBetween(1, ENTRIES - 1);
            } finally {
                channel.shutdownNow();
                server.shutdownNow();
                server.awaitTermination(10, TimeUnit.SECONDS);
                timer.shutdownNow();
            }
        }
    }

    private static Server serve(Replica replica, ReadPool pool, ManualTimer timer) throws IOException {
        Headers headers = new Headers(replica);
        Reads reads = new Reads(replica, pool, Duration.ofSeconds(20));
        RangeStreams streams = new RangeStreams(reads, headers, timer, Limits.STREAM_LIFE);
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new KvService(replica, reads, headers, streams))
                .build()
                .start();
    }

    /** Takes one chunk and then none until it is told to. */
    private static final class StalledRange implements ClientResponseObserver<RangeRequest, RangeChunk> {
        final CompletableFuture<Boolean> first = new CompletableFuture<>();
        final CompletableFuture<@Nullable Throwable> end = new CompletableFuture<>();
        final AtomicInteger entries = new AtomicInteger();
        private volatile @Nullable ClientCallStreamObserver<RangeRequest> call;

        @Override
        public void beforeStart(ClientCallStreamObserver<RangeRequest> started) {
            call = started;
            started.disableAutoRequestWithInitial(1);
        }

        void readOn() {
            Objects.requireNonNull(call, "call").request(Integer.MAX_VALUE);
        }

        @Override
        public void onNext(RangeChunk chunk) {
            entries.addAndGet(chunk.getEntriesCount());
            first.complete(true);
        }

        @Override
        public void onError(Throwable failure) {
            end.complete(failure);
        }

        @Override
        public void onCompleted() {
            end.complete(null);
        }
    }

    /** Keeps what it is asked to do later until the test says that it is later. */
    private static final class ManualTimer extends ScheduledThreadPoolExecutor {
        private volatile @Nullable Runnable task;
        private volatile @Nullable Duration delay;

        ManualTimer() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable command, long amount, TimeUnit unit) {
            task = command;
            delay = Duration.of(amount, unit.toChronoUnit());
            return super.schedule(() -> {}, 1, TimeUnit.DAYS);
        }

        void fire() {
            Objects.requireNonNull(task, "task").run();
        }
    }
}
