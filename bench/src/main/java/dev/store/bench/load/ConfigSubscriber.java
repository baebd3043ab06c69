package dev.store.bench.load;

import com.google.protobuf.ByteString;
import dev.store.api.v1.ConfigAck;
import dev.store.api.v1.ConfigChange;
import dev.store.api.v1.ConfigChangeKind;
import dev.store.api.v1.ConfigGrpc;
import dev.store.api.v1.ConfigInstance;
import dev.store.api.v1.ConfigKey;
import dev.store.api.v1.ConfigSubscribeRequest;
import dev.store.api.v1.ConfigSubscribeResponse;
import dev.store.api.v1.ConfigSubscription;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A subscriber of one configuration entry on a stream of its own, which acknowledges every version that it gets. */
public final class ConfigSubscriber implements ClientResponseObserver<ConfigSubscribeRequest, ConfigSubscribeResponse> {
    private final Listener listener;
    private @Nullable ClientCallStreamObserver<ConfigSubscribeRequest> requests;

    /** Is told what the subscriber sees. */
    public interface Listener {
        /** It has the present state. */
        void inStep();

        /** It has got a new version. */
        void next(ByteString content);

        /** It has lost versions, or its stream. */
        void failed(String code);
    }

    private ConfigSubscriber(Listener listener) {
        this.listener = listener;
    }

    /** Subscribes; the stream lasts until what is returned is completed. */
    public static StreamObserver<ConfigSubscribeRequest> open(
            Channel channel, String id, ConfigKey entry, Listener listener) {
        StreamObserver<ConfigSubscribeRequest> requests = ClientCalls.asyncBidiStreamingCall(
                channel.newCall(ConfigGrpc.getSubscribeMethod(), CallOptions.DEFAULT), new ConfigSubscriber(listener));
        requests.onNext(ConfigSubscribeRequest.newBuilder()
                .setStart(ConfigSubscription.newBuilder()
                        .setInstance(ConfigInstance.newBuilder().setId(id))
                        .addEntries(entry))
                .build());
        return requests;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<ConfigSubscribeRequest> stream) {
        requests = stream;
    }

    @Override
    public void onNext(ConfigSubscribeResponse response) {
        for (ConfigChange change : response.getChangesList()) {
            if (change.getKind() == ConfigChangeKind.CONFIG_CHANGE_KIND_LAGGED) {
                listener.failed("LAGGED");
            } else if (change.getKind() == ConfigChangeKind.CONFIG_CHANGE_KIND_NEXT) {
                listener.next(change.getEntry().getContent());
            }
            Objects.requireNonNull(requests)
                    .onNext(ConfigSubscribeRequest.newBuilder()
                            .setAck(ConfigAck.newBuilder()
                                    .setKey(change.getEntry().getKey())
                                    .setVersion(change.getEntry().getVersion()))
                            .build());
        }
        if (response.getInStep()) {
            listener.inStep();
        }
    }

    @Override
    public void onError(Throwable failure) {
        listener.failed(Failures.code(failure));
    }

    @Override
    public void onCompleted() {}
}
