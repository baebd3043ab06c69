package dev.store.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.LeaseGrpc;
import dev.store.api.v1.LeaseKeepAliveRequest;
import dev.store.api.v1.LeaseKeepAliveResponse;
import dev.store.api.v1.LeaseKeepAliveResult;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stream over a real connection, whose work a test does by hand. */
@Timeout(30)
class AnsweredInOrderTest {
    private static final int AT_ONCE = 4;

    private final ByHand work = new ByHand();
    private final Answers answers = new Answers();

    private @Nullable Server server;
    private @Nullable ManagedChannel channel;
    private @Nullable StreamObserver<LeaseKeepAliveRequest> requests;

    @BeforeEach
    void open() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(work)
                .build()
                .start();
        channel = NettyChannelBuilder.forAddress(new InetSocketAddress(
                        InetAddress.getLoopbackAddress(),
                        Objects.requireNonNull(server).getPort()))
                .usePlaintext()
                .build();
        requests = LeaseGrpc.newStub(Objects.requireNonNull(channel)).keepAlive(answers);
    }

    @AfterEach
    void close() throws InterruptedException {
        Objects.requireNonNull(channel).shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        Objects.requireNonNull(server).shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }

    private void ask(long id) {
        requests().onNext(LeaseKeepAliveRequest.newBuilder().addLeaseIds(id).build());
    }

    private StreamObserver<LeaseKeepAliveRequest> requests() {
        return Objects.requireNonNull(requests);
    }

    @Test
    void whatIsFinishedInAnotherOrderIsAnsweredInThatOfTheRequests() throws Exception {
        ask(1);
        ask(2);
        ask(3);
        List<Task> tasks = work.take(3);

        tasks.get(2).finish();
        tasks.get(1).finish();
        tasks.get(0).finish();

        assertThat(answers.take(3)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aNumberOfMessagesIsUnderWayAndTheNextIsTakenWhenOneIsAnswered() throws Exception {
        LongStream.rangeClosed(1, AT_ONCE + 1).forEach(this::ask);
        List<Task> tasks = work.take(AT_ONCE);

        // The answer of the second waits for that of the first, so it makes no room.
        tasks.get(1).finish();
        assertThat(work.begun).isEmpty();
        tasks.get(0).finish();

        assertThat(answers.take(2)).containsExactly(1L, 2L);
        assertThat(work.take(1).get(0).id()).isEqualTo(AT_ONCE + 1L);
    }

    @Test
    void aFailureEndsTheStreamAfterTheAnswersBeforeIt() throws Exception {
        ask(1);
        ask(2);
        ask(3);
        List<Task> tasks = work.take(3);

        tasks.get(1)
                .answer()
                .completeExceptionally(new StoreException(ErrorCode.NO_LEADER, "no leader: asked again too late"));
        tasks.get(2).finish();
        tasks.get(0).finish();

        assertThat(answers.take(1)).containsExactly(1L);
        assertThat(answers.end.get(20, TimeUnit.SECONDS).getDescription()).isEqualTo("no leader: asked again too late");
        assertThat(answers.received).isEmpty();
    }

    @Test
    void aBadMessageEndsTheStreamAfterTheAnswersBeforeIt() throws Exception {
        ask(1);
        ask(0);
        Task first = work.take(1).get(0);

        first.finish();

        assertThat(answers.take(1)).containsExactly(1L);
        assertThat(answers.end.get(20, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void aClientThatAsksForNoMoreStillGetsItsAnswers() throws Exception {
        ask(1);
        ask(2);
        requests().onCompleted();
        List<Task> tasks = work.take(2);

        tasks.get(1).finish();
        tasks.get(0).finish();

        assertThat(answers.take(2)).containsExactly(1L, 2L);
        assertThat(answers.end.get(20, TimeUnit.SECONDS).isOk()).isTrue();
    }

    /** One message under way. */
    private record Task(long id, CompletableFuture<LeaseKeepAliveResponse> answer) {
        void finish() {
            answer.complete(LeaseKeepAliveResponse.newBuilder()
                    .addResults(LeaseKeepAliveResult.newBuilder().setLeaseId(id))
                    .build());
        }
    }

    private static final class ByHand extends LeaseGrpc.LeaseImplBase {
        private final BlockingQueue<Task> begun = new LinkedBlockingQueue<>();

        List<Task> take(int count) {
            return IntStream.range(0, count).mapToObj(i -> next(begun)).toList();
        }

        @Override
        public StreamObserver<LeaseKeepAliveRequest> keepAlive(StreamObserver<LeaseKeepAliveResponse> call) {
            return AnsweredInOrder.start(call, AT_ONCE, request -> {
                if (request.getLeaseIds(0) == 0) {
                    throw new StoreException(ErrorCode.INVALID_ARGUMENT, "lease_ids[0]: 0 (expected: a lease)");
                }
                Task task = new Task(request.getLeaseIds(0), new CompletableFuture<>());
                begun.add(task);
                return task.answer();
            });
        }
    }

    private static final class Answers implements StreamObserver<LeaseKeepAliveResponse> {
        private final BlockingQueue<Long> received = new LinkedBlockingQueue<>();
        private final CompletableFuture<Status> end = new CompletableFuture<>();

        List<Long> take(int count) {
            return IntStream.range(0, count).mapToObj(i -> next(received)).toList();
        }

        @Override
        public void onNext(LeaseKeepAliveResponse answer) {
            received.add(answer.getResults(0).getLeaseId());
        }

        @Override
        public void onError(Throwable failure) {
            end.complete(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            end.complete(Status.OK);
        }
    }

    private static <T> T next(BlockingQueue<T> queue) {
        try {
            return Objects.requireNonNull(queue.poll(20, TimeUnit.SECONDS), "nothing came");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
