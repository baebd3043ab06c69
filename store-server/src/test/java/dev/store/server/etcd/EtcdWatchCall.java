package dev.store.server.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.server.etcd.v3.Event;
import dev.store.server.etcd.v3.WatchCancelRequest;
import dev.store.server.etcd.v3.WatchCreateRequest;
import dev.store.server.etcd.v3.WatchProgressRequest;
import dev.store.server.etcd.v3.WatchRequest;
import dev.store.server.etcd.v3.WatchResponse;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One watch stream with what came out of it. */
final class EtcdWatchCall implements StreamObserver<WatchResponse>, AutoCloseable {
    private final LinkedBlockingQueue<WatchResponse> responses = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Deque<Event> events = new ArrayDeque<>();
    private final StreamObserver<WatchRequest> requests;

    EtcdWatchCall(EtcdStubs stubs) {
        requests = stubs.watch().watch(this);
    }

    /** Creates a watch and takes the answer. */
    WatchResponse create(WatchCreateRequest.Builder create) throws InterruptedException {
        requests.onNext(WatchRequest.newBuilder().setCreateRequest(create).build());
        return next();
    }

    void cancel(long id) {
        requests.onNext(WatchRequest.newBuilder()
                .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(id))
                .build());
    }

    void askProgress() {
        requests.onNext(WatchRequest.newBuilder()
                .setProgressRequest(WatchProgressRequest.getDefaultInstance())
                .build());
    }

    void send(WatchRequest request) {
        requests.onNext(request);
    }

    /** The next response. */
    WatchResponse next() throws InterruptedException {
        WatchResponse response = responses.poll(20, TimeUnit.SECONDS);
        assertThat(response).as("a response within 20 s").isNotNull();
        return Objects.requireNonNull(response);
    }

    /** The next event, in whichever response. */
    Event nextEvent() throws InterruptedException {
        while (events.isEmpty()) {
            events.addAll(next().getEventsList());
        }
        return events.remove();
    }

    /** Ends when the server ends the stream. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    @Override
    public void onNext(WatchResponse response) {
        responses.add(response);
    }

    @Override
    public void onError(@Nullable Throwable failure) {
        ended.completeExceptionally(Objects.requireNonNull(failure));
    }

    @Override
    public void onCompleted() {
        ended.complete(null);
    }

    @Override
    public void close() {
        requests.onCompleted();
    }
}
