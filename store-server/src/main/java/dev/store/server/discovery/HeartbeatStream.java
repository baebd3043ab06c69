package dev.store.server.discovery;

import dev.store.api.error.GrpcErrors;
import dev.store.api.v1.HeartbeatRequest;
import dev.store.api.v1.HeartbeatResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * One stream of heartbeats. Messages are answered in order, one at a time: the next is taken from the connection when the
 * one before is answered, which also bounds what a stream can hold.
 */
final class HeartbeatStream implements StreamObserver<HeartbeatRequest> {
    private final Function<HeartbeatRequest, CompletableFuture<HeartbeatResponse>> beat;
    private final ServerCallStreamObserver<HeartbeatResponse> call;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean halfClosed;

    HeartbeatStream(
            Function<HeartbeatRequest, CompletableFuture<HeartbeatResponse>> beat,
            ServerCallStreamObserver<HeartbeatResponse> call) {
        this.beat = beat;
        this.call = call;
        call.setOnCancelHandler(() -> closed.set(true));
        call.disableAutoRequest();
        call.request(1);
    }

    @Override
    public void onNext(HeartbeatRequest request) {
        busy.set(true);
        var unused = beat.apply(request).whenComplete((response, failure) -> {
            if (failure != null) {
                fail(failure);
                return;
            }
            if (!closed.get()) {
                call.onNext(response);
            }
            busy.set(false);
            if (halfClosed) {
                complete();
            } else {
                call.request(1);
            }
        });
    }

    @Override
    public void onError(Throwable failure) {
        closed.set(true);
    }

    @Override
    public void onCompleted() {
        halfClosed = true;
        if (!busy.get()) {
            complete();
        }
    }

    private void complete() {
        if (closed.compareAndSet(false, true)) {
            call.onCompleted();
        }
    }

    private void fail(Throwable failure) {
        if (closed.compareAndSet(false, true)) {
            call.onError(GrpcErrors.toGrpc(failure));
        }
    }
}
