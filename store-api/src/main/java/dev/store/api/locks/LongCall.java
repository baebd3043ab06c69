package dev.store.api.locks;

import dev.store.api.client.Backoff;
import dev.store.api.client.Calls;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A call that a member may answer late. Without a deadline, for the time is named in the request; asked again of another
 * member when the one that was asked is in trouble, which finds the place that the call has got. Canceling it ends the
 * call, and so gives the place back.
 */
final class LongCall<Q, R> extends CompletableFuture<R> {
    private static final Backoff BACKOFF = Backoff.of(Duration.ofMillis(25), Duration.ofSeconds(1));
    /** How long a call that wants no wait, or whose wait is over, still looks for a member that answers. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Calls calls;
    private final MethodDescriptor<Q, R> method;
    private final LongFunction<Q> request;
    private final long waitEndsNanos;
    private volatile Calls.@Nullable Stream<Q> stream;
    private int attempts;

    /**
     * @param request makes the request for what is left of the wait, in ms
     */
    LongCall(Calls calls, MethodDescriptor<Q, R> method, long waitMs, LongFunction<Q> request) {
        this.calls = calls;
        this.method = method;
        this.request = request;
        this.waitEndsNanos = System.nanoTime() + waitMs * 1_000_000L;
    }

    LongCall<Q, R> start() {
        attempt();
        return this;
    }

    private void attempt() {
        if (isDone()) {
            return;
        }
        attempts++;
        long leftMs = Math.max(0, (waitEndsNanos - System.nanoTime()) / 1_000_000L);
        Calls.Stream<Q> opened = calls.stream(method, new Listener());
        stream = opened;
        opened.send(request.apply(leftMs));
        opened.halfClose();
        if (isCancelled()) {
            opened.cancel();
        }
    }

    private final class Listener implements Calls.StreamListener<R> {
        private @Nullable R answer;

        @Override
        public void onMessage(R message) {
            answer = message;
        }

        @Override
        public void onEnd(@Nullable StoreException error) {
            R message = answer;
            if (error == null && message != null) {
                calls.workers().execute(() -> complete(message));
            } else if (error != null && again(error)) {
                var unused = calls.after(BACKOFF.pause(attempts), LongCall.this::attempt);
            } else {
                StoreException failure =
                        error != null ? error : new StoreException(ErrorCode.INTERNAL, "answer: none (expected: one)");
                calls.workers().execute(() -> completeExceptionally(failure));
            }
        }
    }

    private boolean again(StoreException error) {
        boolean inTime = System.nanoTime() - waitEndsNanos < PATIENCE.toNanos();
        return error.code().retryable() && inTime && !isDone() && !calls.closed();
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean canceled = super.cancel(mayInterruptIfRunning);
        Calls.Stream<Q> open = stream;
        if (canceled && open != null) {
            open.cancel();
        }
        return canceled;
    }
}
