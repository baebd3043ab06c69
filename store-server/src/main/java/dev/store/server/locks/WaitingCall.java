package dev.store.server.locks;

import dev.store.api.error.GrpcErrors;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call with one answer that may wait long for it. It ends once: with its answer, an error, its time, or because its
 * caller or this member goes away; whoever ends it first decides what becomes of what it has made in the keyspace.
 *
 * @param <R> the answer
 */
abstract class WaitingCall<R> {
    private final ServerCallStreamObserver<R> observer;
    private final Waits waits;
    private final long deadlineNanos;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicBoolean timing = new AtomicBoolean();
    private volatile @Nullable Future<?> clock;
    private volatile @Nullable Runnable cleanup;

    WaitingCall(StreamObserver<R> observer, Waits waits, long waitMs) {
        this.observer = (ServerCallStreamObserver<R>) observer;
        this.waits = waits;
        this.deadlineNanos = System.nanoTime() + waitMs * 1_000_000L;
    }

    final void start() {
        observer.setOnCancelHandler(() -> step(() -> {
            if (end()) {
                var unused = withdraw();
            }
        }));
        step(() -> {
            waits.admit(this);
            begin();
        });
    }

    /** Starts the work. */
    abstract void begin();

    /** Takes back what the call has made and nobody was told of; does nothing if that is not known yet. */
    abstract CompletableFuture<?> withdraw();

    /** The error when its time is over. */
    abstract RuntimeException tooLate();

    /** Whether it has ended: what comes to know of something it made from now on must {@link #withdraw} it. */
    final boolean hasEnded() {
        return ended.get();
    }

    /** What to do when the call ends; takes the place of what was said before. */
    final void onEnd(Runnable action) {
        cleanup = action;
        if (hasEnded()) {
            action.run();
        }
    }

    /** Runs something later, unless the call has ended by then. */
    final void later(long delayNanos, Runnable action) {
        try {
            var unused = waits.after(delayNanos, () -> {
                if (!hasEnded()) {
                    step(action);
                }
            });
        } catch (RejectedExecutionException e) {
            stop();
        }
    }

    /** From now on its time runs. */
    final void limitTime() {
        if (!timing.compareAndSet(false, true)) {
            return;
        }
        try {
            clock = waits.after(deadlineNanos - System.nanoTime(), () -> step(this::timeIsOver));
        } catch (RejectedExecutionException e) {
            stop();
        }
        if (hasEnded()) {
            stopClock();
        }
    }

    private void timeIsOver() {
        if (end()) {
            var unused = withdraw()
                    .whenComplete((done, failure) ->
                            observer.onError(GrpcErrors.toGrpc(failure == null ? tooLate() : failure)));
        }
    }

    /** Ends the call with its answer; false if it has ended otherwise. */
    final boolean answer(R answer) {
        if (!end()) {
            return false;
        }
        observer.onNext(answer);
        observer.onCompleted();
        return true;
    }

    /** Ends the call with an error, if it has not ended. */
    final void fail(Throwable error) {
        if (end()) {
            observer.onError(GrpcErrors.toGrpc(error));
        }
    }

    /** This member stops: what the call has made stays. */
    final void stop() {
        fail(Waits.stopping());
    }

    /** Goes on with what comes out of some work, or fails the call. */
    final <T> void then(CompletableFuture<T> work, Consumer<T> next) {
        var unused = work.whenComplete((result, failure) -> {
            if (failure == null) {
                step(() -> next.accept(result));
            } else {
                fail(failure);
            }
        });
    }

    /**
     * Outside of the context of the call: what was begun must come to its end, and be taken back, also when the call is
     * canceled. What is read on the way would have no time left in it.
     */
    private void step(Runnable action) {
        Context before = Context.ROOT.attach();
        try {
            action.run();
        } catch (RuntimeException e) {
            fail(e);
        } finally {
            Context.ROOT.detach(before);
        }
    }

    private boolean end() {
        if (!ended.compareAndSet(false, true)) {
            return false;
        }
        stopClock();
        waits.ended(this);
        Runnable action = cleanup;
        if (action != null) {
            action.run();
        }
        return true;
    }

    private void stopClock() {
        Future<?> running = clock;
        if (running != null) {
            running.cancel(false);
        }
    }
}
