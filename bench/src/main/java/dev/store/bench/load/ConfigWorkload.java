package dev.store.bench.load;

import com.google.protobuf.ByteString;
import dev.store.api.v1.ConfigAck;
import dev.store.api.v1.ConfigChange;
import dev.store.api.v1.ConfigChangeKind;
import dev.store.api.v1.ConfigDraft;
import dev.store.api.v1.ConfigGrpc;
import dev.store.api.v1.ConfigInstance;
import dev.store.api.v1.ConfigKey;
import dev.store.api.v1.ConfigPublishRequest;
import dev.store.api.v1.ConfigSubscribeRequest;
import dev.store.api.v1.ConfigSubscribeResponse;
import dev.store.api.v1.ConfigSubscription;
import io.grpc.CallOptions;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Publications of configuration entries, one entry for each client, and subscribers of the entry of the first client, which
 * acknowledge what they get. Each arrival is timed from the start of its publication.
 */
final class ConfigWorkload implements Workload {
    private static final String GROUP = "bench";

    private final Connections connections;
    private final LoadSettings settings;
    private final Timings timings;
    private final String padding;
    private final List<StreamObserver<ConfigSubscribeRequest>> streams = new ArrayList<>();

    ConfigWorkload(Connections connections, LoadSettings settings, Timings timings) {
        this.connections = connections;
        this.settings = settings;
        this.timings = timings;
        this.padding = " ".repeat(settings.valueBytes());
    }

    @Override
    public String name() {
        return "config publish, " + settings.watchers() + " subscribers";
    }

    @Override
    public void prepare() {
        CountDownLatch inStep = new CountDownLatch(settings.watchers());
        for (int i = 0; i < settings.watchers(); i++) {
            Arrivals arrivals = new Arrivals(inStep);
            StreamObserver<ConfigSubscribeRequest> requests = ClientCalls.asyncBidiStreamingCall(
                    connections.of(i).newCall(ConfigGrpc.getSubscribeMethod(), CallOptions.DEFAULT), arrivals);
            arrivals.requests = requests;
            streams.add(requests);
            requests.onNext(ConfigSubscribeRequest.newBuilder()
                    .setStart(ConfigSubscription.newBuilder()
                            .setInstance(ConfigInstance.newBuilder().setId("subscriber-" + i))
                            .addEntries(key(0)))
                    .build());
        }
        try {
            if (!inStep.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("subscribers in step after 60 s: "
                        + (settings.watchers() - inStep.getCount()) + " (expected: " + settings.watchers() + ")");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while subscribers began", e);
        }
    }

    private static ConfigKey key(int client) {
        return ConfigKey.newBuilder().setGroup(GROUP).setName("entry-" + client).build();
    }

    @Override
    public Operation operation() {
        return (client, done) -> connections.call(
                client,
                ConfigGrpc.getPublishMethod(),
                ConfigPublishRequest.newBuilder()
                        .addDrafts(ConfigDraft.newBuilder()
                                .setKey(key(client))
                                // Differs from the version before, and says when it was sent.
                                .setContent(ByteString.copyFromUtf8(System.nanoTime() + padding)))
                        .build(),
                done);
    }

    @Override
    public void close() {
        streams.forEach(StreamObserver::onCompleted);
    }

    private final class Arrivals implements StreamObserver<ConfigSubscribeResponse> {
        private final CountDownLatch inStep;
        private volatile StreamObserver<ConfigSubscribeRequest> requests = new Nowhere();

        Arrivals(CountDownLatch inStep) {
            this.inStep = inStep;
        }

        @Override
        public void onNext(ConfigSubscribeResponse response) {
            long now = System.nanoTime();
            for (ConfigChange change : response.getChangesList()) {
                if (change.getKind() == ConfigChangeKind.CONFIG_CHANGE_KIND_LAGGED) {
                    timings.failed("SUBSCRIBER_LAGGED");
                } else if (change.getKind() == ConfigChangeKind.CONFIG_CHANGE_KIND_NEXT) {
                    timings.event(now
                            - Long.parseLong(change.getEntry()
                                    .getContent()
                                    .toStringUtf8()
                                    .trim()));
                }
                requests.onNext(ConfigSubscribeRequest.newBuilder()
                        .setAck(ConfigAck.newBuilder()
                                .setKey(change.getEntry().getKey())
                                .setVersion(change.getEntry().getVersion()))
                        .build());
            }
            if (response.getInStep()) {
                inStep.countDown();
            }
        }

        @Override
        public void onError(Throwable failure) {
            timings.failed("SUBSCRIBER_" + Failures.code(failure));
        }

        @Override
        public void onCompleted() {}
    }

    /** Before the stream is known, nothing has come that could be acknowledged. */
    private static final class Nowhere implements StreamObserver<ConfigSubscribeRequest> {
        @Override
        public void onNext(ConfigSubscribeRequest request) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
    }
}
