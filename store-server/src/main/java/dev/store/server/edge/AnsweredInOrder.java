package dev.store.server.edge;

import dev.store.api.error.GrpcErrors;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * One stream whose messages are answered in order, one at a time: the next is taken from the connection when the one before
 * is answered, which also bounds what a stream can hold. It ends with the first failure.
 */
public final class AnsweredInOrder<Q, A> implements StreamObserver<Q> {
    private final Function<Q, CompletableFuture<A>> work;
    private final ServerCallStreamObserver<A> call;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean halfClosed;

    /**
     * Takes the first message.
     *
     * @param call a call of a server
     * @param work answers one message; what it throws ends the call
     */
    public AnsweredInOrder(StreamObserver<A> call, Function<Q, CompletableFuture<A>> work) {
        this.work = work;
        this.call = (ServerCallStreamObserver<A>) call;
        this.call.setOnCancelHandler(() -> closed.set(true));
        this.call.disableAutoRequest();
        this.call.request(1);
    }

    @Override
    public void onNext(Q request) {
        busy.set(true);
        var unused = work.apply(request).whenComplete((response, failure) -> {
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
