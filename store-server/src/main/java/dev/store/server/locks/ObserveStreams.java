package dev.store.server.locks;

import dev.store.api.error.GrpcErrors;
import dev.store.api.v1.ObserveLockResponse;
import dev.store.api.v1.ReadOptions;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The callers who follow holders of locks. */
final class ObserveStreams {
    private final LockParts parts;
    private final Set<ObserveStream> open = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    ObserveStreams(LockParts parts) {
        this.parts = parts;
    }

    void open(LockId id, StreamObserver<ObserveLockResponse> observer) {
        ServerCallStreamObserver<ObserveLockResponse> call = (ServerCallStreamObserver<ObserveLockResponse>) observer;
        ObserveStream stream = new ObserveStream(parts.headers(), call);
        call.setOnReadyHandler(stream::onReady);
        call.setOnCancelHandler(() -> {
            stream.end(null);
            open.remove(stream);
            parts.queues().unobserve(id, stream);
        });
        open.add(stream);
        // What is told first is at least as new as the call.
        var unused = parts.records().fresh(ReadOptions.getDefaultInstance()).whenComplete((revision, failure) -> {
            if (failure != null) {
                open.remove(stream);
                stream.end(GrpcErrors.toGrpc(failure));
                return;
            }
            parts.queues().observe(id, stream);
            if (call.isCancelled()) {
                parts.queues().unobserve(id, stream);
            }
        });
        if (stopped) {
            stop();
        }
    }

    void stop() {
        stopped = true;
        open.forEach(stream -> stream.end(GrpcErrors.toGrpc(Waits.stopping())));
        open.clear();
    }
}
