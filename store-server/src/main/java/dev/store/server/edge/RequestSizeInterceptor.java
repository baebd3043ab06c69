package dev.store.server.edge;

import com.google.protobuf.MessageLite;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/**
 * Refuses requests past their limit with an error that says so. The transport has a limit too, somewhat higher, but
 * knows no details for its error.
 */
final class RequestSizeInterceptor implements ServerInterceptor {
    private final long maxBytes;

    RequestSizeInterceptor(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        return new ForwardingServerCallListener.SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            @Override
            public void onMessage(Q message) {
                int bytes = message instanceof MessageLite protobuf ? protobuf.getSerializedSize() : 0;
                if (bytes > maxBytes) {
                    throw new StoreException(
                            ErrorCode.TOO_LARGE, "request: " + bytes + " bytes (expected: at most " + maxBytes + ")");
                }
                super.onMessage(message);
            }
        };
    }
}
