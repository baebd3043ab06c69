package dev.store.bench.load;

import com.google.protobuf.ByteString;
import dev.store.api.v1.Event;
import dev.store.api.v1.KVGrpc;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.Put;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.WatchCreate;
import dev.store.api.v1.WatchGrpc;
import dev.store.api.v1.WatchRequest;
import dev.store.api.v1.WatchResponse;
import io.grpc.CallOptions;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Many watches of one key, and clients that put it. Each event is timed from the start of its put, not from the answer
 * to the put, which may come later than the event.
 */
final class WatchWorkload implements Workload {
    private final Connections connections;
    private final LoadSettings settings;
    private final Data data;
    private final Timings timings;
    private final ByteString key;
    private final List<StreamObserver<WatchRequest>> streams = new ArrayList<>();

    WatchWorkload(Connections connections, LoadSettings settings, Data data, Timings timings) {
        this.connections = connections;
        this.settings = settings;
        this.data = data;
        this.timings = timings;
        this.key = data.key(0);
    }

    @Override
    public String name() {
        return "watch, " + settings.watchers() + " watchers";
    }

    @Override
    public void prepare() {
        CountDownLatch created = new CountDownLatch(settings.watchers());
        int left = settings.watchers();
        for (int stream = 0; left > 0; stream++) {
            int here = Math.min(left, settings.watchersPerStream());
            open(stream, here, created);
            left -= here;
        }
        try {
            if (!created.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("watches created after 60 s: "
                        + (settings.watchers() - created.getCount()) + " (expected: " + settings.watchers() + ")");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while watches were created", e);
        }
    }

    @Override
    public Operation operation() {
        return (client, done) -> connections.call(
                client,
                KVGrpc.getPutMethod(),
                PutRequest.newBuilder()
                        .setPut(Put.newBuilder().setKey(key).setValue(data.stampedValue(System.nanoTime())))
                        .build(),
                done);
    }

    @Override
    public void close() {
        streams.forEach(StreamObserver::onCompleted);
    }

    private void open(int number, int watches, CountDownLatch created) {
        StreamObserver<WatchRequest> requests = ClientCalls.asyncBidiStreamingCall(
                connections.of(number).newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT), new Arrivals(created));
        streams.add(requests);
        for (int i = 0; i < watches; i++) {
            requests.onNext(WatchRequest.newBuilder()
                    .setCreate(WatchCreate.newBuilder()
                            .setWatchId(i + 1L)
                            .setKeys(KeySelector.newBuilder().setKey(key)))
                    .build());
        }
    }

    private final class Arrivals implements StreamObserver<WatchResponse> {
        private final CountDownLatch created;

        Arrivals(CountDownLatch created) {
            this.created = created;
        }

        @Override
        public void onNext(WatchResponse response) {
            if (response.hasCreated()) {
                created.countDown();
            } else if (response.hasCanceled()) {
                timings.failed("WATCH_" + response.getCanceled().getReason());
            } else if (response.getEventsCount() > 0) {
                long now = System.nanoTime();
                for (Event event : response.getEventsList()) {
                    timings.event(now - Data.stamp(event.getEntry().getValue()));
                }
            } else if (response.hasLagging()) {
                timings.failed("WATCH_LAGGING");
            }
        }

        @Override
        public void onError(Throwable failure) {
            timings.failed("WATCH_" + Failures.code(failure));
        }

        @Override
        public void onCompleted() {}
    }
}
