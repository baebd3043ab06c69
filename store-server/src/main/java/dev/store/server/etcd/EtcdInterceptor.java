package dev.store.server.etcd;

import dev.store.api.error.StoreException;
import io.grpc.ForwardingServerCall;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.function.BooleanSupplier;

/**
 * What holds for every call of an etcd client: errors go out in etcd's terms, and a call that demands a leader is refused
 * where none is known.
 */
final class EtcdInterceptor implements ServerInterceptor {
    /** Set by clients who would rather be told than wait: etcd's {@code WithRequireLeader}. */
    static final Metadata.Key<String> HAS_LEADER = Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);

    private final BooleanSupplier leaderKnown;

    EtcdInterceptor(BooleanSupplier leaderKnown) {
        this.leaderKnown = leaderKnown;
    }

    static boolean demandsLeader(Metadata headers) {
        return "true".equals(headers.get(HAS_LEADER));
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (demandsLeader(headers) && !leaderKnown.getAsBoolean()) {
            throw EtcdErrors.noLeader();
        }
        try {
            return new TranslatedListener<>(next.startCall(new TranslatedCall<>(call), headers));
        } catch (StoreException e) {
            throw EtcdErrors.of(e);
        }
    }

    private static final class TranslatedCall<Q, A> extends ForwardingServerCall.SimpleForwardingServerCall<Q, A> {
        TranslatedCall(ServerCall<Q, A> call) {
            super(call);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (status.isOk()) {
                super.close(status, trailers);
                return;
            }
            StatusRuntimeException translated = EtcdErrors.of(status, trailers);
            super.close(translated.getStatus(), new Metadata());
        }
    }

    private static final class TranslatedListener<Q>
            extends ForwardingServerCallListener.SimpleForwardingServerCallListener<Q> {
        TranslatedListener(ServerCall.Listener<Q> listener) {
            super(listener);
        }

        @Override
        public void onMessage(Q message) {
            translated(() -> super.onMessage(message));
        }

        @Override
        public void onHalfClose() {
            translated(super::onHalfClose);
        }

        private static void translated(Runnable action) {
            try {
                action.run();
            } catch (StoreException e) {
                throw EtcdErrors.of(e);
            }
        }
    }
}
