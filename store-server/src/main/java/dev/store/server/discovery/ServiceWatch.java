package dev.store.server.discovery;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.api.v1.WatchServicesResponse;
import dev.store.server.edge.SerialTask;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One watch of services: remembers which snapshot of each service it has sent, and when the connection takes more sends
 * what leads from there to the present one. So a slow watcher holds old snapshots, and no queue that could grow.
 */
final class ServiceWatch {
    /** After so many messages others get their turn on the thread. */
    private static final int MESSAGES_PER_TURN = 64;

    /**
     * What is watched.
     *
     * @param service the one service; null for all
     * @param namesOnly no instances
     */
    record Wanted(String namespace, @Nullable String service, boolean namesOnly) {}

    private final ServerCallStreamObserver<ByteString> call;
    private final Wanted wanted;
    private final ServiceWatches.Sources sources;
    private final Consumer<ServiceWatch> whenEnded;
    private final SerialTask pump;
    private final Set<String> changed = ConcurrentHashMap.newKeySet();
    private volatile boolean allChanged = true;
    private volatile boolean started;
    private volatile boolean canceled;
    private volatile @Nullable StoreException failure;

    // Only touched by the pump.
    private final Map<String, ServiceSnapshot> sent = new HashMap<>();
    private final ArrayDeque<ByteString> messages = new ArrayDeque<>();
    private boolean completed;
    private volatile boolean ended;

    ServiceWatch(
            ServerCallStreamObserver<ByteString> call,
            Wanted wanted,
            ServiceWatches.Sources sources,
            Executor executor,
            Consumer<ServiceWatch> whenEnded) {
        this.call = call;
        this.wanted = wanted;
        this.sources = sources;
        this.whenEnded = whenEnded;
        this.pump = new SerialTask(executor, this::run);
    }

    void start() {
        started = true;
        pump.schedule();
    }

    void wake() {
        pump.schedule();
    }

    void changed(String service) {
        changed.add(service);
        pump.schedule();
    }

    void allChanged() {
        allChanged = true;
        pump.schedule();
    }

    boolean ended() {
        return ended;
    }

    void cancel() {
        canceled = true;
        pump.schedule();
    }

    void fail(StoreException cause) {
        failure = cause;
        pump.schedule();
    }

    /** The node stops. */
    void stop() {
        fail(new StoreException(ErrorCode.NOT_READY, "the member is stopping"));
    }

    private void run() {
        if (ended) {
            return;
        }
        StoreException cause = failure;
        if (canceled || cause != null) {
            end();
            if (!canceled && cause != null) {
                call.onError(GrpcErrors.toGrpc(cause));
            }
            return;
        }
        try {
            if (started) {
                write();
            }
        } catch (RuntimeException e) {
            end();
            call.onError(GrpcErrors.toGrpc(e));
        }
    }

    private void end() {
        ended = true;
        sent.clear();
        messages.clear();
        changed.clear();
        whenEnded.accept(this);
    }

    private void write() {
        int written = 0;
        while (call.isReady() && !canceled) {
            if (written++ == MESSAGES_PER_TURN) {
                pump.schedule();
                return;
            }
            ByteString message = next();
            if (message == null) {
                return;
            }
            call.onNext(message);
        }
    }

    private @Nullable ByteString next() {
        while (messages.isEmpty()) {
            // Before the snapshots, so that they show at least this revision.
            long reached = sources.reached().getAsLong();
            if (allChanged) {
                allChanged = false;
                noteAll();
            }
            String service = changed.stream().findFirst().orElse(null);
            if (service != null) {
                // Before looking, so that what changes afterwards is noted again.
                changed.remove(service);
                collect(service, reached);
            } else if (!completed) {
                completed = true;
                return WatchServicesResponse.newBuilder()
                        .setRevision(Math.max(reached, lastSent()))
                        .setComplete(true)
                        .build()
                        .toByteString();
            } else {
                return null;
            }
        }
        return messages.poll();
    }

    private long lastSent() {
        return sent.values().stream()
                .mapToLong(ServiceSnapshot::lastChange)
                .max()
                .orElse(0);
    }

    private void noteAll() {
        String one = wanted.service();
        if (one != null) {
            changed.add(one);
        } else {
            changed.addAll(sources.view().services(wanted.namespace()).keySet());
            changed.addAll(sent.keySet());
        }
    }

    private void collect(String name, long reached) {
        ServiceSnapshot before = sent.get(name);
        ServiceSnapshot now = sources.view().service(wanted.namespace(), name);
        if (now == before) {
            return;
        }
        if (now == null) {
            sent.remove(name);
            if (before != null) {
                messages.addAll(
                        wanted.namesOnly()
                                ? java.util.List.of(WatchServicesResponse.newBuilder()
                                        .setRevision(reached)
                                        .addServicesRemoved(name)
                                        .build()
                                        .toByteString())
                                : SnapshotChange.forgotten(before, reached));
            }
            return;
        }
        sent.put(name, now);
        if (!wanted.namesOnly()) {
            messages.addAll(now.changeFrom(before).messages());
        } else if (before == null || !before.summary().equals(now.summary())) {
            messages.add(WatchServicesResponse.newBuilder()
                    .setRevision(now.lastChange())
                    .addServices(now.summary())
                    .build()
                    .toByteString());
        }
    }
}
