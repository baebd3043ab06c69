package dev.store.server.discovery;

import dev.store.api.v1.DiscoveryGrpc;
import dev.store.api.v1.InstanceRef;
import dev.store.api.v1.InstanceState;
import dev.store.api.v1.ServiceSummary;
import dev.store.api.v1.WatchServicesRequest;
import dev.store.api.v1.WatchServicesResponse;
import dev.store.server.testing.TestCluster;
import dev.store.server.testing.TestCluster.Node;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Follows a watch of services, and knows what it has shown. */
final class ServiceWatcher implements StreamObserver<WatchServicesResponse>, AutoCloseable {
    private final Context.CancellableContext context = Context.current().withCancellation();
    private final Map<String, InstanceState> instances = new TreeMap<>();
    private final Map<String, ServiceSummary> services = new TreeMap<>();
    private final List<WatchServicesResponse> messages = new ArrayList<>();
    private @Nullable Throwable failure;

    ServiceWatcher(Node member, WatchServicesRequest.Builder request) {
        context.run(() -> DiscoveryGrpc.newStub(member.channel()).watchServices(request.build(), this));
    }

    @Override
    public synchronized void onNext(WatchServicesResponse message) {
        messages.add(message);
        message.getInstancesList()
                .forEach(state ->
                        instances.put(InstanceKey.of(state.getInstance()).toString(), state));
        message.getRemovedList().forEach(ref -> instances.remove(key(ref)));
        message.getServicesList().forEach(service -> services.put(service.getService(), service));
        message.getServicesRemovedList().forEach(services::remove);
    }

    private static String key(InstanceRef ref) {
        return InstanceKey.of(ref).toString();
    }

    @Override
    public synchronized void onError(Throwable cause) {
        failure = cause;
    }

    @Override
    public void onCompleted() {}

    synchronized @Nullable Throwable failure() {
        return failure;
    }

    synchronized List<WatchServicesResponse> messages() {
        return new ArrayList<>(messages);
    }

    synchronized Map<String, InstanceState> instances() {
        return new TreeMap<>(instances);
    }

    synchronized Map<String, ServiceSummary> services() {
        return new TreeMap<>(services);
    }

    /** The revision of the mark, once it was sent. */
    long awaitComplete() {
        await("the mark", watcher -> watcher.messages.stream().anyMatch(WatchServicesResponse::getComplete));
        return messages().stream()
                .filter(WatchServicesResponse::getComplete)
                .findFirst()
                .orElseThrow()
                .getRevision();
    }

    void await(String what, Predicate<ServiceWatcher> condition) {
        TestCluster.await(what, () -> {
            synchronized (this) {
                return condition.test(this);
            }
        });
    }

    @Override
    public void close() {
        context.cancel(null);
    }
}
