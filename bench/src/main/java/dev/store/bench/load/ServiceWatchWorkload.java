package dev.store.bench.load;

import dev.store.api.v1.DiscoveryGrpc;
import dev.store.api.v1.InstanceState;
import dev.store.api.v1.RegisterRequest;
import dev.store.api.v1.WatchServicesRequest;
import dev.store.api.v1.WatchServicesResponse;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Many subscribers of one service, and clients that register its instances anew. Each change is timed from the start of
 * its registration until a subscriber has it.
 */
final class ServiceWatchWorkload implements Workload {
    private static final String STAMP = "stamp";

    private final Connections connections;
    private final int watchers;
    private final Timings timings;
    private final Context.CancellableContext context = Context.current().withCancellation();

    ServiceWatchWorkload(Connections connections, LoadSettings settings, Timings timings) {
        this.connections = connections;
        this.watchers = settings.watchers();
        this.timings = timings;
    }

    @Override
    public String name() {
        return "service-watch, " + watchers + " subscribers";
    }

    @Override
    public void prepare() {
        CountDownLatch complete = new CountDownLatch(watchers);
        WatchServicesRequest request =
                WatchServicesRequest.newBuilder().setService("watched").build();
        context.run(() -> {
            for (int i = 0; i < watchers; i++) {
                ClientCalls.asyncServerStreamingCall(
                        connections.of(i).newCall(DiscoveryGrpc.getWatchServicesMethod(), CallOptions.DEFAULT),
                        request,
                        new Arrivals(complete));
            }
        });
        try {
            if (!complete.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("watches that began: " + (watchers - complete.getCount())
                        + " after 60 s (expected: " + watchers + ")");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while watches began", e);
        }
    }

    @Override
    public Operation operation() {
        return (client, done) -> connections.call(
                client,
                DiscoveryGrpc.getRegisterMethod(),
                RegisterRequest.newBuilder()
                        .setInstance(ServiceWorkload.instance("watched", client)
                                .putMetadata(STAMP, Long.toString(System.nanoTime())))
                        .build(),
                done);
    }

    @Override
    public void close() {
        context.cancel(null);
    }

    private final class Arrivals implements StreamObserver<WatchServicesResponse> {
        private final CountDownLatch complete;

        Arrivals(CountDownLatch complete) {
            this.complete = complete;
        }

        @Override
        public void onNext(WatchServicesResponse message) {
            long now = System.nanoTime();
            if (complete.getCount() == 0) {
                for (InstanceState state : message.getInstancesList()) {
                    timings.event(now - Long.parseLong(state.getInstance().getMetadataOrDefault(STAMP, "0")));
                }
            }
            if (message.getComplete()) {
                complete.countDown();
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (!context.isCancelled()) {
                timings.failed("WATCH_" + Failures.code(failure));
            }
        }

        @Override
        public void onCompleted() {}
    }
}
