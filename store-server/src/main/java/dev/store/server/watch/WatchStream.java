package dev.store.server.watch;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.api.v1.WatchCanceled;
import dev.store.api.v1.WatchCreate;
import dev.store.api.v1.WatchRequest;
import dev.store.api.v1.WatchResponse;
import dev.store.raft.keyspace.Requests;
import dev.store.raft.watch.WatchHub;
import dev.store.raft.watch.WatchOutput;
import dev.store.raft.watch.WatchSpec;
import dev.store.server.edge.SerialTask;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One gRPC stream with its watches.
 *
 * <p>Everything happens in one serial task, the pump: it takes requests from the client, and writes as long as the
 * connection takes more, going round the watches that have something to say, so that a busy one does not starve the
 * others. What is not written stays in the watchers, which bound it; the next request is only taken from the connection
 * when the one before has been dealt with.
 */
final class WatchStream implements StreamObserver<WatchRequest> {
    private static final int FRAME_BYTES = 128 * 1024;
    /** After so many frames other streams get their turn on the thread. */
    private static final int FRAMES_PER_TURN = 64;

    private final ServerCallStreamObserver<WatchFrame> call;
    private final WatchHub hub;
    private final WatchLimits limits;
    private final SerialTask pump;
    private final Consumer<WatchStream> whenEnded;
    private final Queue<WatchRequest> requests = new ConcurrentLinkedQueue<>();
    private final Queue<OpenWatch> readable = new ConcurrentLinkedQueue<>();

    private volatile boolean halfClosed;
    private volatile boolean canceled;
    private volatile boolean stopping;

    // Only touched by the pump.
    private final Map<Long, OpenWatch> watches = new LinkedHashMap<>();
    private final ArrayDeque<WatchFrame> answers = new ArrayDeque<>();
    private long lastChosenId;
    private boolean ended;

    /**
     * Makes the stream; {@link #start} takes its first request.
     *
     * @param whenEnded is told when the stream holds nothing any more
     */
    WatchStream(
            ServerCallStreamObserver<WatchFrame> call,
            WatchHub hub,
            WatchLimits limits,
            Executor executor,
            Consumer<WatchStream> whenEnded) {
        this.call = call;
        this.hub = hub;
        this.limits = limits;
        this.whenEnded = whenEnded;
        this.pump = new SerialTask(executor, this::run);
    }

    /** Takes the first request. */
    void start() {
        call.setOnReadyHandler(pump::schedule);
        call.setOnCancelHandler(this::cancel);
        call.disableAutoRequest();
        call.request(1);
    }

    @Override
    public void onNext(WatchRequest request) {
        requests.add(request);
        pump.schedule();
    }

    @Override
    public void onError(Throwable failure) {
        cancel();
    }

    @Override
    public void onCompleted() {
        halfClosed = true;
        pump.schedule();
    }

    /** The node stops: says what there is to say, then ends the stream. */
    void stop() {
        stopping = true;
        pump.schedule();
    }

    private void cancel() {
        canceled = true;
        pump.schedule();
    }

    private void run() {
        if (ended) {
            return;
        }
        if (canceled) {
            end();
            return;
        }
        try {
            takeRequests();
            write();
        } catch (RuntimeException e) {
            end();
            call.onError(GrpcErrors.toGrpc(e));
        }
    }

    private void takeRequests() {
        while (answers.isEmpty()) {
            WatchRequest request = requests.poll();
            if (request == null) {
                return;
            }
            handle(request);
            if (answers.isEmpty()) {
                call.request(1);
            }
        }
    }

    private void write() {
        int frames = 0;
        while (call.isReady() && !canceled) {
            if (frames++ == FRAMES_PER_TURN) {
                pump.schedule();
                return;
            }
            WatchFrame answer = answers.poll();
            if (answer != null) {
                call.onNext(answer);
                if (answers.isEmpty()) {
                    call.request(1);
                    takeRequests();
                }
                continue;
            }
            OpenWatch watch = readable.poll();
            if (watch == null) {
                finishIfDone();
                return;
            }
            WatchOutput output = watch.poll(FRAME_BYTES);
            if (output != null) {
                emit(watch, output);
            }
        }
    }

    private void emit(OpenWatch watch, WatchOutput output) {
        call.onNext(WatchFrames.of(watch.id(), output));
        if (output instanceof WatchOutput.Canceled) {
            watches.remove(watch.id());
            watch.close();
        } else {
            watch.readable();
        }
    }

    private void finishIfDone() {
        if (stopping && !ended) {
            end();
            call.onError(GrpcErrors.toGrpc(new StoreException(ErrorCode.NOT_READY, "the member is stopping")));
        } else if (halfClosed && !ended) {
            end();
            call.onCompleted();
        }
    }

    private void end() {
        ended = true;
        watches.values().forEach(OpenWatch::close);
        watches.clear();
        readable.clear();
        answers.clear();
        whenEnded.accept(this);
    }

    private void handle(WatchRequest request) {
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
        answers.add(WatchFrame.of(WatchResponse.newBuilder()
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

    private void enqueue(OpenWatch watch) {
        readable.add(watch);
        pump.schedule();
    }
}
