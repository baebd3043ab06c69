package dev.store.bench.store;

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
import dev.store.bench.load.Connections;
import dev.store.bench.load.Failures;
import dev.store.bench.load.FanOut;
import dev.store.bench.load.Operation;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Subscribers of one configuration entry, a stream each, which acknowledge every version that they get. */
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
        for (int i = 0; i < subscribers; i++) {
            ClientCall<ConfigSubscribeRequest, ConfigSubscribeResponse> call =
                    connections.of(i).newCall(ConfigGrpc.getSubscribeMethod(), CallOptions.DEFAULT);
            StreamObserver<ConfigSubscribeRequest> requests =
                    ClientCalls.asyncBidiStreamingCall(call, new Subscriber(arrivals));
            streams.add(requests);
            requests.onNext(ConfigSubscribeRequest.newBuilder()
                    .setStart(ConfigSubscription.newBuilder()
                            .setInstance(ConfigInstance.newBuilder().setId("subscriber-" + i))
                            .addEntries(ENTRY))
                    .build());
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

    private static final class Subscriber
            implements ClientResponseObserver<ConfigSubscribeRequest, ConfigSubscribeResponse> {
        private final FanOut.Arrivals arrivals;
        private @Nullable ClientCallStreamObserver<ConfigSubscribeRequest> requests;

        Subscriber(FanOut.Arrivals arrivals) {
            this.arrivals = arrivals;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<ConfigSubscribeRequest> stream) {
            requests = stream;
        }

        @Override
        public void onNext(ConfigSubscribeResponse response) {
            for (ConfigChange change : response.getChangesList()) {
                if (change.getKind() == ConfigChangeKind.CONFIG_CHANGE_KIND_LAGGED) {
                    arrivals.failed("LAGGED");
                } else if (change.getKind() == ConfigChangeKind.CONFIG_CHANGE_KIND_NEXT) {
                    byte[] content = change.getEntry().getContent().toByteArray();
                    arrivals.got(ByteString.copyFrom(Base64.getDecoder().decode(content)));
                }
                Objects.requireNonNull(requests)
                        .onNext(ConfigSubscribeRequest.newBuilder()
                                .setAck(ConfigAck.newBuilder()
                                        .setKey(change.getEntry().getKey())
                                        .setVersion(change.getEntry().getVersion()))
                                .build());
            }
            if (response.getInStep()) {
                arrivals.opened();
            }
        }

        @Override
        public void onError(Throwable failure) {
            arrivals.failed(Failures.code(failure));
        }

        @Override
        public void onCompleted() {}
    }
}
