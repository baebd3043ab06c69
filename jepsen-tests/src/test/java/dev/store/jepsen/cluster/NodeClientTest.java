package dev.store.jepsen.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.v1.WatchGrpc;
import dev.store.api.v1.WatchRequest;
import dev.store.api.v1.WatchResponse;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NodeClientTest {
    /** gRPC ends its shared threads a second after nobody uses them any more. */
    private static final Duration LONGER_THAN_SHARED_THREADS_LIVE = Duration.ofMillis(1_500);

    private Server node;
    private Link link;

    @BeforeEach
    void listen() throws IOException {
        node = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .directExecutor()
                .addService(new Chatty())
                .build()
                .start();
        link = Link.open("127.0.0.1", "127.0.0.1", node.getPort());
    }

    @AfterEach
    void close() {
        link.close();
        node.shutdownNow();
    }

    @Test
    void whoTakesLongIsStillToldThatTheNodeIsGoneWhenAllNodesAre() {
        Slow slow = new Slow();
        NodeClient client = watching(slow);

        link.close();
        ManagedChannel channel = (ManagedChannel) client.channel();
        Await.until(Await.PATIENCE, "the connection is lost", () -> channel.getState(false) != ConnectivityState.READY);
        client.close();
        Await.pass(LONGER_THAN_SHARED_THREADS_LIVE);
        slow.goesOn.complete(null);

        assertThat(slow.told.orTimeout(30, TimeUnit.SECONDS).join()).isNotNull();
    }

    @Test
    void callsToANodeThatIsGoneAreAnsweredWhenAllNodesAre() {
        Slow first = new Slow();
        NodeClient client = watching(first);
        first.goesOn.complete(null);
        client.close();
        first.told.join();
        Await.pass(LONGER_THAN_SHARED_THREADS_LIVE);

        Slow later = new Slow();
        client.watch().watch(later);

        assertThat(later.told.orTimeout(30, TimeUnit.SECONDS).join()).isNotNull();
    }

    /** A client whose watcher has its first answer. */
    private NodeClient watching(Slow watcher) {
        NodeClient client = new NodeClient(link.endpoint());
        client.watch().watch(watcher);
        watcher.first.join();
        return client;
    }

    /** Stalls with the first answer. */
    private static final class Slow implements StreamObserver<WatchResponse> {
        final CompletableFuture<Void> first = new CompletableFuture<>();
        final CompletableFuture<Void> goesOn = new CompletableFuture<>();
        final CompletableFuture<Throwable> told = new CompletableFuture<>();

        @Override
        public void onNext(WatchResponse response) {
            first.complete(null);
            goesOn.join();
        }

        @Override
        public void onError(Throwable failure) {
            told.complete(failure);
        }

        @Override
        public void onCompleted() {}
    }

    private static final class Chatty extends WatchGrpc.WatchImplBase {
        @Override
        public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> answers) {
            for (int revision = 1; revision <= 5; revision++) {
                answers.onNext(WatchResponse.newBuilder().setRevision(revision).build());
            }
            return new StreamObserver<>() {
                @Override
                public void onNext(WatchRequest request) {}

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onCompleted() {}
            };
        }
    }
}
