package dev.store.server.edge;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import io.grpc.ForwardingServerCall;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever a handler throws into a status, and logs defects with their stack. */
final class FailureInterceptor implements ServerInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(FailureInterceptor.class);

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        GuardedCall<Q, A> guarded = new GuardedCall<>(call);
        try {
            return new GuardedListener<>(next.startCall(guarded, headers), guarded);
        } catch (RuntimeException e) {
            guarded.fail(e);
            return new ServerCall.Listener<>() {};
        }
    }

    /** Closes at most once, whoever comes first. */
    private static final class GuardedCall<Q, A> extends ForwardingServerCall.SimpleForwardingServerCall<Q, A> {
        private final AtomicBoolean closed = new AtomicBoolean();

        GuardedCall(ServerCall<Q, A> call) {
            super(call);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (!closed.compareAndSet(false, true)) {
                return;
            }
            // UNKNOWN with no cause is what a protocol answers that has no code for the case.
            boolean thrown = status.getCode() == Status.Code.UNKNOWN && status.getCause() != null;
            if (status.getCode() == Status.Code.INTERNAL || thrown) {
                LOG.error(
                        "call failed: method={} status={} message=\"{}\"",
                        getMethodDescriptor().getFullMethodName(),
                        status.getCode(),
                        status.getDescription(),
                        status.getCause());
            }
            super.close(status, trailers);
        }

        void fail(RuntimeException failure) {
            StatusRuntimeException status = GrpcErrors.toGrpc(
                    failure.getCause() instanceof InvalidProtocolBufferException malformed
                            ? new StoreException(
                                    ErrorCode.INVALID_ARGUMENT,
                                    "request: no protobuf message of this method (" + malformed.getMessage() + ")")
                            : failure);
            Metadata trailers = status.getTrailers();
            close(status.getStatus(), trailers == null ? new Metadata() : trailers);
        }
    }

    private static final class GuardedListener<Q, A>
            extends ForwardingServerCallListener.SimpleForwardingServerCallListener<Q> {
        private final GuardedCall<Q, A> call;

        GuardedListener(ServerCall.Listener<Q> listener, GuardedCall<Q, A> call) {
            super(listener);
            this.call = call;
        }

        @Override
        public void onMessage(Q message) {
            guard(() -> super.onMessage(message));
        }

        @Override
        public void onHalfClose() {
            guard(super::onHalfClose);
        }

        @Override
        public void onReady() {
            guard(super::onReady);
        }

        @Override
        public void onCancel() {
            guard(super::onCancel);
        }

        @Override
        public void onComplete() {
            guard(super::onComplete);
        }

        private void guard(Runnable action) {
            try {
                action.run();
            } catch (RuntimeException e) {
                call.fail(e);
            }
        }
    }
}
