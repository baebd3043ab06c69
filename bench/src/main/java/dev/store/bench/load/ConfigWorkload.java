package dev.store.bench.load;

import com.google.protobuf.ByteString;
import dev.store.api.v1.ConfigDraft;
import dev.store.api.v1.ConfigGrpc;
import dev.store.api.v1.ConfigKey;
import dev.store.api.v1.ConfigPublishRequest;
import dev.store.api.v1.ConfigSubscribeRequest;
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
            streams.add(ConfigSubscriber.open(connections.of(i), "subscriber-" + i, key(0), new Arrivals(inStep)));
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

    private final class Arrivals implements ConfigSubscriber.Listener {
        private final CountDownLatch inStep;

        Arrivals(CountDownLatch inStep) {
            this.inStep = inStep;
        }

        @Override
        public void inStep() {
            inStep.countDown();
        }

        @Override
        public void next(ByteString content) {
            timings.event(
                    System.nanoTime() - Long.parseLong(content.toStringUtf8().trim()));
        }

        @Override
        public void failed(String code) {
            timings.failed("SUBSCRIBER_" + code);
        }
    }
}
