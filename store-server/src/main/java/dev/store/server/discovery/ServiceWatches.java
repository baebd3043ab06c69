package dev.store.server.discovery;

import com.google.protobuf.ByteString;
import dev.store.api.Limits;
import dev.store.api.error.GrpcErrors;
import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import dev.store.api.v1.WatchServicesRequest;
import dev.store.raft.keyspace.Requests;
import dev.store.server.edge.SerialTask;
import dev.store.server.records.Records;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All watches of services of this member. The thread of the view only notes what has changed; who is to be told is found
 * on another thread, and each watch writes on its own turn, so that nobody waits for a slow one.
 */
final class ServiceWatches implements ServiceView.Listener {
    private record Place(String namespace, @Nullable String service) {}

    private final Executor executor;
    private final SerialTask notifier;
    private final Map<Place, Set<ServiceWatch>> watches = new ConcurrentHashMap<>();
    private final Set<Place> changed = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private volatile boolean allChanged;
    private volatile boolean stopped;

    /** @param executor runs the watches' turns; each stands in its queue at most once */
    ServiceWatches(Executor executor) {
        this.executor = executor;
        this.notifier = new SerialTask(executor, this::tellWatches);
    }

    @Override
    public void changed(String namespace, Set<String> services) {
        if (count.get() > 0) {
            services.forEach(service -> changed.add(new Place(namespace, service)));
            notifier.schedule();
        }
    }

    @Override
    public void replaced() {
        allChanged = true;
        notifier.schedule();
    }

    private void tellWatches() {
        if (allChanged) {
            allChanged = false;
            watches.values().forEach(set -> set.forEach(ServiceWatch::allChanged));
        }
        for (Place place : List.copyOf(changed)) {
            // Before looking, so that what changes afterwards is told again.
            changed.remove(place);
            String service = place.service;
            if (service != null) {
                watches.getOrDefault(place, Set.of()).forEach(watch -> watch.changed(service));
                watches.getOrDefault(new Place(place.namespace, null), Set.of())
                        .forEach(watch -> watch.changed(service));
            }
        }
    }

    /** Begins a watch for a call, once this member shows what the caller has seen already. */
    void open(WatchServicesRequest request, StreamObserver<ByteString> observer, Sources sources) {
        ServerCallStreamObserver<ByteString> call = (ServerCallStreamObserver<ByteString>) observer;
        String namespace = Requests.namespace(request.getNamespace());
        Requests.revision("at_least_revision", request.getAtLeastRevision());
        String service = null;
        switch (request.getScopeCase()) {
            case SERVICE -> service = InstanceRequests.name("service", request.getService());
            case ALL_INSTANCES, NAMES -> {}
            case SCOPE_NOT_SET ->
                throw InstanceRequests.invalid("scope", "not set", "one of service, all_instances, names");
        }
        if (count.incrementAndGet() > Limits.SERVICE_WATCHES) {
            count.decrementAndGet();
            throw DiscoveryService.tooManyWatches();
        }
        Place place = new Place(namespace, service);
        ServiceWatch watch = new ServiceWatch(
                call, new ServiceWatch.Wanted(namespace, service, request.hasNames()), sources, executor, ended -> {
                    count.decrementAndGet();
                    leave(place, ended);
                });
        call.setOnCancelHandler(watch::cancel);
        call.setOnReadyHandler(watch::wake);
        ReadOptions read = ReadOptions.newBuilder()
                .setConsistency(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE)
                .setAtLeastRevision(request.getAtLeastRevision())
                .build();
        var unused = sources.records.fresh(read).whenComplete((revision, failure) -> {
            if (failure != null) {
                watch.fail(GrpcErrors.fromGrpc(failure));
                return;
            }
            watches.compute(place, (key, set) -> {
                Set<ServiceWatch> joined = set == null ? ConcurrentHashMap.newKeySet() : set;
                joined.add(watch);
                return joined;
            });
            if (watch.ended()) {
                leave(place, watch);
                return;
            }
            // After joining, so that no change falls between.
            watch.start();
            if (stopped) {
                watch.stop();
            }
        });
    }

    private void leave(Place place, ServiceWatch watch) {
        watches.computeIfPresent(place, (key, set) -> {
            set.remove(watch);
            return set.isEmpty() ? null : set;
        });
    }

    int count() {
        return count.get();
    }

    /** Ends all watches, and those that still come. */
    void stop() {
        stopped = true;
        watches.values().forEach(set -> set.forEach(ServiceWatch::stop));
    }

    /**
     * What watches read.
     *
     * @param reached revision that the views show
     */
    record Sources(ServiceView view, Records records, LongSupplier reached) {}
}
