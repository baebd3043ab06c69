package dev.store.server.configuration;

import dev.store.api.v1.ConfigChange;
import dev.store.api.v1.ConfigEntry;
import dev.store.api.v1.ConfigGrpc;
import dev.store.api.v1.ConfigSubscribeRequest;
import dev.store.api.v1.ConfigSubscribeResponse;
import dev.store.api.v1.ConfigSubscription;
import dev.store.server.testing.TestCluster.Node;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A subscriber that reads only when told. */
final class PausedSubscriber implements AutoCloseable {
    private final List<ConfigChange> changes = new ArrayList<>();
    private final ClientCall<ConfigSubscribeRequest, ConfigSubscribeResponse> call;

    PausedSubscriber(Node node, ConfigSubscription.Builder subscription) {
        call = node.channel().newCall(ConfigGrpc.getSubscribeMethod(), CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(ConfigSubscribeResponse message) {
                        synchronized (changes) {
                            // Large contents are not needed here.
                            message.getChangesList()
                                    .forEach(change -> changes.add(change.toBuilder()
                                            .setEntry(change.getEntry().toBuilder()
                                                    .clearContent())
                                            .build()));
                        }
                    }
                },
                new Metadata());
        call.sendMessage(
                ConfigSubscribeRequest.newBuilder().setStart(subscription).build());
    }

    void read(int messages) {
        call.request(messages);
    }

    List<String> told() {
        synchronized (changes) {
            return changes.stream()
                    .map(change -> change.getEntry().getVersion() + " " + change.getKind())
                    .toList();
        }
    }

    List<Long> versions() {
        synchronized (changes) {
            return changes.stream()
                    .map(change -> change.getEntry().getVersion())
                    .toList();
        }
    }

    @Nullable
    ConfigEntry last() {
        synchronized (changes) {
            return changes.isEmpty() ? null : changes.get(changes.size() - 1).getEntry();
        }
    }

    @Override
    public void close() {
        call.cancel("the test is over", null);
    }
}
