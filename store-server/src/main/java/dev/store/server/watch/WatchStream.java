package dev.store.server.watch;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.WatchCanceled;
import dev.store.api.v1.WatchCreate;
import dev.store.api.v1.WatchRequest;
import dev.store.api.v1.WatchResponse;
import dev.store.raft.keyspace.Requests;
import dev.store.raft.watch.WatchHub;
import dev.store.raft.watch.WatchOutput;
import dev.store.raft.watch.WatchSpec;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One gRPC stream of Store's own protocol, with its watches. */
final class WatchStream extends WatchPump<WatchRequest> {
    private final WatchHub hub;
    private final WatchLimits limits;

    // Only touched by the pump.
    private final Map<Long, OpenWatch> watches = new LinkedHashMap<>();
    private long lastChosenId;

    WatchStream(
            ServerCallStreamObserver<WatchFrame> call,
            WatchHub hub,
            WatchLimits limits,
            Executor executor,
            Consumer<? super WatchPump<WatchRequest>> whenEnded) {
        super(call, executor, whenEnded);
        this.hub = hub;
        this.limits = limits;
    }

    @Override
    protected void emit(OpenWatch watch, WatchOutput output) {
        call().onNext(WatchFrames.of(watch.id(), output));
        if (output instanceof WatchOutput.Canceled) {
            watches.remove(watch.id());
            watch.close();
        } else {
            watch.readable();
        }
    }

    @Override
    protected void closeWatches() {
        watches.values().forEach(OpenWatch::close);
        watches.clear();
    }

    @Override
    protected void handle(WatchRequest request) {
        switch (request.getRequestCase()) {
            case CREATE -> create(request.getCreate());
            case CANCEL -> cancelWatch(request.getCancel().getWatchId());
            case PROGRESS -> progress(request.getProgress().getWatchId());
            case REQUEST_NOT_SET ->
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT, "request: not set (expected: one of create, cancel, progress)");
        }
    }

    private void create(WatchCreate create) {
        long id = create.getWatchId() == 0 ? chooseId() : create.getWatchId();
        WatchSpec spec = admitted(id, create);
        if (spec != null) {
            OpenWatch watch = new OpenWatch(id, this::enqueue);
            watches.put(id, watch);
            watch.open(hub, spec);
        }
    }

    private @Nullable WatchSpec admitted(long id, WatchCreate create) {
        try {
            if (watches.containsKey(id)) {
                throw new StoreException(
                        ErrorCode.DUPLICATE_WATCH,
                        "watch_id: " + id + " (expected: one that is not in use on this stream)");
            }
            limits.check(watches.size(), hub.size());
            return Requests.watch(create);
        } catch (StoreException e) {
            endedWatch(id, e.code(), String.valueOf(e.getMessage()));
            return null;
        }
    }

    private void cancelWatch(long id) {
        OpenWatch watch = watches.remove(id);
        if (watch == null) {
            endedWatch(id, ErrorCode.WATCH_NOT_FOUND, "watch_id: " + id + " (expected: a watch of this stream)");
            return;
        }
        watch.close();
        endedWatch(id, ErrorCode.CANCELED, "canceled by the client");
    }

    private void progress(long id) {
        if (id == 0) {
            watches.values().forEach(OpenWatch::requestProgress);
            return;
        }
        OpenWatch watch = watches.get(id);
        if (watch == null) {
            endedWatch(id, ErrorCode.WATCH_NOT_FOUND, "watch_id: " + id + " (expected: a watch of this stream)");
        } else {
            watch.requestProgress();
        }
    }

    private void endedWatch(long id, ErrorCode code, String message) {
        answer(WatchFrame.of(WatchResponse.newBuilder()
                .setWatchId(id)
                .setCanceled(WatchCanceled.newBuilder().setReason(code.name()).setMessage(message))
                .build()));
    }

    private long chooseId() {
        do {
            lastChosenId++;
        } while (watches.containsKey(lastChosenId));
        return lastChosenId;
    }
}
