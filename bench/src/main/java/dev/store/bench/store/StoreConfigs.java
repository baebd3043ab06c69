package dev.store.bench.store;

import com.google.protobuf.ByteString;
import dev.store.api.v1.ConfigDraft;
import dev.store.api.v1.ConfigGrpc;
import dev.store.api.v1.ConfigKey;
import dev.store.api.v1.ConfigPublishRequest;
import dev.store.api.v1.ConfigSubscribeRequest;
import dev.store.bench.load.ConfigSubscriber;
import dev.store.bench.load.Connections;
import dev.store.bench.load.FanOut;
import dev.store.bench.load.Operation;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Subscribers of one configuration entry, and what is published to them. */
final class StoreConfigs implements FanOut.Wire {
    private static final ConfigKey ENTRY =
            ConfigKey.newBuilder().setGroup("bench").setName("pushed").build();

    private final Connections connections;
    private final List<StreamObserver<ConfigSubscribeRequest>> streams = new ArrayList<>();

    StoreConfigs(Connections connections) {
        this.connections = connections;
    }

    @Override
    public void watch(int subscribers, FanOut.Arrivals arrivals) {
        ConfigSubscriber.Listener listener = new ConfigSubscriber.Listener() {
            @Override
            public void inStep() {
                arrivals.opened();
            }

            @Override
            public void next(ByteString content) {
                arrivals.got(ByteString.copyFrom(Base64.getDecoder().decode(content.toByteArray())));
            }

            @Override
            public void failed(String code) {
                arrivals.failed(code);
            }
        };
        for (int i = 0; i < subscribers; i++) {
            streams.add(ConfigSubscriber.open(connections.of(i), "subscriber-" + i, ENTRY, listener));
        }
    }

    @Override
    public void put(int client, ByteString value, Operation.Done done) {
        connections.call(
                client,
                ConfigGrpc.getPublishMethod(),
                ConfigPublishRequest.newBuilder()
                        .addDrafts(ConfigDraft.newBuilder()
                                .setKey(ENTRY)
                                // An entry is text.
                                .setContent(
                                        ByteString.copyFrom(Base64.getEncoder().encode(value.toByteArray()))))
                        .build(),
                done);
    }

    @Override
    public void close() {
        streams.forEach(StreamObserver::onCompleted);
    }
}
