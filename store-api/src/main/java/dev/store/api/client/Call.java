package dev.store.api.client;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.api.v1.OperationId;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One call with one answer: attempts, one after the other, on one member after the other, until one gives an answer, or
 * an error that must not be followed by another attempt, or the time is over.
 *
 * <p>It is the future that the caller gets, so canceling it ends the attempt under way. The classes on the way of a first
 * call are few on purpose and use no lambdas: the command line pays for each of them.
 *
 * @param <Q> request
 * @param <R> response
 * @param <T> what the caller gets
 */
abstract class Call<Q, R, T> extends CompletableFuture<T> implements Operations.Waiter, Runnable {
    private static final long SHORTEST_ATTEMPT_NANOS = 500_000_000L;
    /**
     * Less time than this is left unused: an attempt cut by the end of the call would make an uncertain outcome of the
     * definite one that is known already.
     */
    private static final long LEAST_ATTEMPT_NANOS = 20_000_000L;

    private static final Backoff BACKOFF = new Backoff(25_000_000L, 500_000_000L);

    private final Scope scope;
    private final MethodDescriptor<Q, R> method;
    private final Retry retry;
    private final @Nullable Endpoint pinned;
    private final long deadlineNanos;

    // Attempts follow one another, each started by the end of the one before, so these need no lock.
    private @Nullable OperationId operation;
    private @Nullable Endpoint next;
    private int attempts;
    private int unreachable;
    private boolean maybeApplied;
    private @Nullable StoreException told;

    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable ClientCall<Q, R> current;

    Call(Scope scope, MethodDescriptor<Q, R> method, Retry retry) {
        this(scope, method, retry, null);
    }

    Call(Scope scope, MethodDescriptor<Q, R> method, Retry retry, @Nullable Endpoint pinned) {
        this.scope = scope;
        this.method = method;
        this.retry = retry;
        this.pinned = pinned;
        this.deadlineNanos = System.nanoTime() + scope.settings.timeoutNanos();
    }

    /** The message to send. */
    abstract Q request(@Nullable OperationId operation);

    /** What the caller gets for the message that came back. */
    abstract T answer(R response);

    /** Starts the first attempt. */
    final Call<Q, R, T> start() {
        if (retry == Retry.EXACTLY_ONCE) {
            if (scope.connection.operations().begin(this)) {
                if (operation == null) {
                    giveUpWaitingInTime();
                }
            } else {
                fail(overloaded("queue: full"));
            }
        } else {
            attempt();
        }
        return this;
    }

    /** How mutations of a scope are retried. */
    static Retry mutation(Scope scope) {
        return scope.settings.exactlyOnce() ? Retry.EXACTLY_ONCE : Retry.ONCE;
    }

    @Override
    public final void numbered(OperationId number) {
        operation = number;
        attempt();
    }

    @Override
    public final void refused() {
        fail(closed());
    }

    /** A mutation that waits for its number must not wait longer than the call may take. */
    private void giveUpWaitingInTime() {
        scope.connection.timer().after(deadlineNanos - System.nanoTime(), () -> {
            if (scope.connection.operations().withdraw(this)) {
                fail(overloaded("waited: " + TimeUnit.NANOSECONDS.toMillis(scope.settings.timeoutNanos()) + " ms"));
            }
        });
    }

    private static StoreException overloaded(String what) {
        return new StoreException(
                ErrorCode.OVERLOADED,
                what + " (expected: a free number; too many mutations of this client are under way)");
    }

    private static StoreException closed() {
        return new StoreException(ErrorCode.CANCELED, "client: closed (expected: open)");
    }

    /** Runs the next attempt, after a pause. */
    @Override
    public final void run() {
        attempt();
    }

    private void attempt() {
        long remaining = deadlineNanos - System.nanoTime();
        if (scope.connection.closed()) {
            end();
            fail(maybeApplied ? unknown(closed()) : closed());
            return;
        }
        if (isDone()) {
            end();
            return;
        }
        Endpoint endpoint = pinned != null
                ? pinned
                : next != null ? next : scope.connection.endpoints().pick(null);
        ManagedChannel channel = endpoint.channel();
        ClientCall<Q, R> call = channel.newCall(
                method, CallOptions.DEFAULT.withDeadlineAfter(attemptNanos(remaining), TimeUnit.NANOSECONDS));
        attempts++;
        current = call;
        try {
            call.start(new Attempt(call, endpoint, channel), new Metadata());
            call.request(2);
            call.sendMessage(request(operation));
            call.halfClose();
        } catch (IllegalStateException e) {
            if (!isCancelled()) {
                throw e;
            }
            end(); // Canceled by the caller between these.
        }
        if (isCancelled()) {
            call.cancel("canceled by the caller", null);
        }
    }

    /** Less than all the time, if there is another member to ask: the one asked may hang. */
    private long attemptNanos(long remaining) {
        int members = Math.min(3, scope.connection.endpoints().size());
        if (pinned != null || members == 1 || !retry.splitsTime()) {
            return remaining;
        }
        return Math.min(remaining, Math.max(SHORTEST_ATTEMPT_NANOS, scope.settings.timeoutNanos() / members));
    }

    private void failed(StoreException error, Endpoint endpoint) {
        ErrorCode code = error.code();
        long remaining = deadlineNanos - System.nanoTime();
        boolean again = retry.retries(code) && remaining > 0 && !isDone() && !scope.connection.closed();
        if (code == ErrorCode.UNREACHABLE) {
            unreachable++;
            again &= !(scope.connection.failFast()
                    && unreachable == attempts
                    && attempts >= scope.connection.endpoints().size());
        }
        if (code != ErrorCode.DEADLINE_EXCEEDED) {
            told = error;
        }
        if (again) {
            maybeApplied |= retry.mutates() && code.outcome() == ErrorCode.Outcome.UNKNOWN;
            next = scope.connection.endpoints().pick(endpoint);
            long pause = pauseNanos(code, endpoint);
            if (pause == 0) {
                attempt();
                return;
            }
            if (pause + LEAST_ATTEMPT_NANOS < remaining) {
                scope.connection.timer().after(pause, this);
                return;
            }
        }
        end();
        fail(maybeApplied && !answersTheOperation(code) ? unknown(error) : afterAttempts(error));
    }

    /** None for the first try of each other member that is not known to be in trouble; then longer and longer. */
    private long pauseNanos(ErrorCode code, Endpoint failed) {
        int members = scope.connection.endpoints().size();
        boolean other = next != failed && next != null && !next.avoided(System.nanoTime());
        if (other && attempts < members && code != ErrorCode.OVERLOADED) {
            return 0;
        }
        return BACKOFF.pauseNanos(attempts - members);
    }

    /**
     * Whether the error is the members' answer to this operation, and so also tells what became of its earlier attempts.
     * The others only say that this attempt did nothing.
     */
    private static boolean answersTheOperation(ErrorCode code) {
        return switch (code) {
            case INVALID_ARGUMENT,
                    DUPLICATE_KEY,
                    TOO_LARGE,
                    RESULT_TOO_LARGE,
                    KEY_NOT_FOUND,
                    LEASE_NOT_FOUND,
                    LEASE_EXISTS,
                    LOCK_NOT_HELD,
                    LOCK_MISMATCH,
                    LATCH_NOT_FOUND,
                    LATCH_EXISTS,
                    COMPACTED,
                    FUTURE_REVISION,
                    ALREADY_APPLIED -> true;
            default -> code.outcome() == ErrorCode.Outcome.UNKNOWN;
        };
    }

    private StoreException unknown(StoreException last) {
        return new StoreException(
                ErrorCode.OUTCOME_UNKNOWN,
                "an attempt may have taken effect; attempts: " + attempts + "; the last one: " + last.code() + ": "
                        + last.getMessage(),
                last.details(),
                last.getCause());
    }

    private StoreException afterAttempts(StoreException error) {
        if (attempts == 1) {
            return error;
        }
        return new StoreException(
                error.code(),
                error.getMessage() + " (after " + attempts + " attempts" + whatWasBefore(error) + ")",
                error.details(),
                error.getCause());
    }

    /** That the time was over says nothing of why no attempt succeeded; what a member said before does. */
    private String whatWasBefore(StoreException last) {
        StoreException before = told;
        return before == null || before == last ? "" : "; before: " + before.code() + ": " + before.getMessage();
    }

    private void end() {
        OperationId number = operation;
        if (number != null && ended.compareAndSet(false, true)) {
            scope.connection.operations().end(number);
        }
    }

    private void succeed(T value) {
        Executor callbacks = scope.connection.callbacks();
        if (callbacks == null) {
            complete(value);
        } else {
            callbacks.execute(() -> complete(value));
        }
    }

    private void fail(StoreException error) {
        Executor callbacks = scope.connection.callbacks();
        if (callbacks == null) {
            completeExceptionally(error);
        } else {
            callbacks.execute(() -> completeExceptionally(error));
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean canceled = super.cancel(mayInterruptIfRunning);
        ClientCall<Q, R> call = current;
        if (canceled && call != null) {
            call.cancel("canceled by the caller", null);
        }
        return canceled;
    }

    /** What one attempt is answered. */
    private final class Attempt extends ClientCall.Listener<R> {
        private final ClientCall<Q, R> call;
        private final Endpoint endpoint;
        private final ManagedChannel channel;
        private @Nullable R response;

        Attempt(ClientCall<Q, R> call, Endpoint endpoint, ManagedChannel channel) {
            this.call = call;
            this.endpoint = endpoint;
            this.channel = channel;
        }

        @Override
        public void onMessage(R message) {
            response = message;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            R message = response;
            if (status.isOk() && message != null) {
                answered(message);
                return;
            }
            StoreException error = status.isOk()
                    ? new StoreException(ErrorCode.INTERNAL, "answer: none (expected: one message)")
                    : Failures.of(
                            status, trailers, call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR), endpoint);
            endpoint.failed(error.code(), channel);
            failed(error, endpoint);
        }

        private void answered(R message) {
            endpoint.succeeded();
            end();
            T value;
            try {
                value = answer(message);
            } catch (RuntimeException e) {
                fail(GrpcErrors.fromGrpc(e));
                return;
            }
            if (value instanceof Versioned versioned) {
                scope.session.saw(versioned.header().revision());
            }
            succeed(value);
        }
    }
}
