package dev.store.server.configuration;

import dev.store.api.v1.ConfigAck;
import dev.store.api.v1.ConfigChange;
import dev.store.api.v1.ConfigGrpc;
import dev.store.api.v1.ConfigSubscribeRequest;
import dev.store.api.v1.ConfigSubscribeResponse;
import dev.store.api.v1.ConfigSubscription;
import dev.store.server.testing.TestCluster;
import dev.store.server.testing.TestCluster.Node;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A subscriber over the wire that keeps all it gets. */
final class WireSubscriber implements AutoCloseable {
    private final List<ConfigSubscribeResponse> messages = new ArrayList<>();
    private final StreamObserver<ConfigSubscribeRequest> requests;
    private volatile @Nullable ClientCallStreamObserver<ConfigSubscribeRequest> call;
    private volatile @Nullable Throwable failure;

    WireSubscriber(Node node, ConfigSubscription.Builder subscription) {
        requests = ConfigGrpc.newStub(node.channel())
                .subscribe(new ClientResponseObserver<ConfigSubscribeRequest, ConfigSubscribeResponse>() {
                    @Override
                    public void beforeStart(ClientCallStreamObserver<ConfigSubscribeRequest> stream) {
                        call = stream;
                    }

                    @Override
                    public void onNext(ConfigSubscribeResponse message) {
                        synchronized (messages) {
                            messages.add(message);
                        }
                    }

                    @Override
                    public void onError(Throwable thrown) {
                        failure = thrown;
                    }

                    @Override
                    public void onCompleted() {
                        // The test ends it.
                    }
                });
        requests.onNext(
                ConfigSubscribeRequest.newBuilder().setStart(subscription).build());
    }

    static ConfigSubscription.Builder to(String... entries) {
        ConfigSubscription.Builder subscription = ConfigSubscription.newBuilder();
        for (String entry : entries) {
            subscription.addEntries(Wire.key(entry));
        }
        return subscription;
    }

    void acknowledge(String entry, long version, String why) {
        requests.onNext(ConfigSubscribeRequest.newBuilder()
                .setAck(ConfigAck.newBuilder()
                        .setKey(Wire.key(entry))
                        .setVersion(version)
                        .setFailure(why))
                .build());
    }

    List<ConfigSubscribeResponse> messages() {
        synchronized (messages) {
            return List.copyOf(messages);
        }
    }

    List<ConfigChange> changes() {
        return messages().stream()
                .flatMap(message -> message.getChangesList().stream())
                .toList();
    }

    /** What it got, as "group/name version kind content". */
    List<String> told() {
        return changes().stream()
                .map(change -> change.getEntry().getKey().getGroup() + "/"
                        + change.getEntry().getKey().getName() + " "
                        + change.getEntry().getVersion() + " "
                        + change.getKind().name().substring("CONFIG_CHANGE_KIND_".length()) + " "
                        + (change.getEntry().getDeleted()
                                ? "-"
                                : change.getEntry().getContent().toStringUtf8()))
                .toList();
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    WireSubscriber awaitInStep() {
        TestCluster.await("the mark", () -> messages().stream().anyMatch(ConfigSubscribeResponse::getInStep));
        return this;
    }

    void awaitChanges(int count) {
        TestCluster.await(
                count + " changes (told: " + told() + ")", () -> changes().size() >= count);
    }

    void awaitEnd() {
        TestCluster.await("the end of the stream", () -> failure != null);
    }

    @Override
    public void close() {
        ClientCallStreamObserver<ConfigSubscribeRequest> open = call;
        if (open != null) {
            open.cancel("the test is over", null);
        }
    }
}
