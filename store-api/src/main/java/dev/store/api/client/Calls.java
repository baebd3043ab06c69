package dev.store.api.client;

import dev.store.api.error.StoreException;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.ReadOptions;
import dev.store.api.v1.ResponseHeader;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls of any method of {@code store.v1}, with the client's endpoints, retries and numbering of operations: what the
 * clients of services, configuration and locks are built on. Thread-safe.
 */
public final class Calls {
    private final Scope scope;

    Calls(Scope scope) {
        this.scope = scope;
    }

    /** The namespace of the client; empty means {@code default}. */
    public String namespace() {
        return scope.namespace();
    }

    /** The same calls with another timeout: more than 0, at most 5 minutes. */
    public Calls timeout(Duration timeout) {
        return new Calls(scope.with(scope.settings.withTimeout(timeout)));
    }

    /** How fresh the client wants its reads. */
    public ReadOptions freshness() {
        return scope.read(0);
    }

    /** Where listeners may be called that block. */
    public Executor workers() {
        return scope.connection.workers();
    }

    /** Whether the client was closed; whatever waits in {@link #after} is then run at once. */
    public boolean closed() {
        return scope.connection.closed();
    }

    /**
     * Runs something later, or at once when the client is closed; must not block.
     *
     * @return cancels it
     */
    public Runnable after(Duration delay, Runnable action) {
        return scope.connection.timer().after(delay.toNanos(), action)::cancel;
    }

    /**
     * What all calls of one client in one namespace share; made when it is asked for first.
     *
     * @param type tells it from others
     */
    public <T> T shared(Class<T> type, Function<Calls, T> make) {
        return type.cast(scope.connection.part(type.getName() + " " + scope.namespace(), () -> make.apply(this)));
    }

    /** The highest revision that any answer or stream has shown to this client; 0 before the first. */
    public long seen() {
        return scope.session.floor();
    }

    /** Takes note of a revision that a stream has shown, so that later reads do not go back behind it. */
    public void saw(long revision) {
        scope.session.saw(revision);
    }

    /** A read, or another call that may be repeated whatever became of earlier attempts. */
    public <Q, R> CompletableFuture<R> repeatable(
            MethodDescriptor<Q, R> method, Q request, Function<R, ResponseHeader> header) {
        return call(method, Retry.READ, operation -> request, header);
    }

    /** A mutation: numbered, so that it takes effect once however often it is sent; null where the client numbers none. */
    public <Q, R> CompletableFuture<R> mutation(
            MethodDescriptor<Q, R> method,
            Function<@Nullable OperationId, Q> request,
            Function<R, ResponseHeader> header) {
        return call(method, Call.mutation(scope), request, header);
    }

    private <Q, R> CompletableFuture<R> call(
            MethodDescriptor<Q, R> method,
            Retry retry,
            Function<@Nullable OperationId, Q> request,
            Function<R, ResponseHeader> header) {
        return new Call<Q, R, R>(scope, method, retry) {
            @Override
            Q request(@Nullable OperationId operation) {
                return request.apply(operation);
            }

            @Override
            R answer(R response) {
                scope.session.saw(header.apply(response).getRevision());
                return response;
            }
        }.start();
    }

    /** What comes back on a stream; called on a network thread, one call at a time. */
    public interface StreamListener<R> {
        /** A message; the next one comes only after this returned. */
        void onMessage(R message);

        /**
         * The stream has ended, and nothing more comes. Whoever wants more opens another stream, which goes to another
         * member if this one is in trouble.
         *
         * @param error why; null if the member ended it in order
         */
        void onEnd(@Nullable StoreException error);
    }

    /** A call that is open in both directions. */
    public interface Stream<Q> {
        /** Sends a message; does nothing after the end. */
        void send(Q message);

        /** Says that nothing more is sent. */
        void halfClose();

        /** Ends the call; the listener is still told of the end. */
        void cancel();
    }

    /** Opens a stream on the member that looks best. It has no deadline. */
    public <Q, R> Stream<Q> stream(MethodDescriptor<Q, R> method, StreamListener<R> listener) {
        Endpoint endpoint = scope.connection.endpoints().pick(null);
        OpenStream<Q, R> stream = new OpenStream<>(endpoint, method, listener);
        stream.open();
        return stream;
    }

    private static final class OpenStream<Q, R> extends ClientCall.Listener<R> implements Stream<Q> {
        private final Endpoint endpoint;
        private final ManagedChannel channel;
        private final ClientCall<Q, R> call;
        private final StreamListener<R> listener;
        private boolean answered;
        private boolean ended;

        OpenStream(Endpoint endpoint, MethodDescriptor<Q, R> method, StreamListener<R> listener) {
            this.endpoint = endpoint;
            this.channel = endpoint.channel();
            this.call = channel.newCall(method, CallOptions.DEFAULT);
            this.listener = listener;
        }

        void open() {
            call.start(this, new Metadata());
            call.request(1);
        }

        @Override
        public synchronized void send(Q message) {
            if (!ended) {
                call.sendMessage(message);
            }
        }

        @Override
        public synchronized void halfClose() {
            if (!ended) {
                call.halfClose();
            }
        }

        @Override
        public void cancel() {
            call.cancel("canceled by the caller", null);
            synchronized (this) {
                ended = true;
            }
        }

        @Override
        public void onMessage(R message) {
            if (!answered) {
                answered = true;
                endpoint.succeeded();
            }
            listener.onMessage(message);
            call.request(1);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            synchronized (this) {
                ended = true;
            }
            if (status.isOk()) {
                listener.onEnd(null);
                return;
            }
            StoreException error =
                    Failures.of(status, trailers, call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR), endpoint);
            endpoint.failed(error.code(), channel);
            listener.onEnd(error);
        }
    }
}
