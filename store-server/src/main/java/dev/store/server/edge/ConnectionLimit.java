package dev.store.server.edge;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts connections, and refuses the calls of those past the limit. A filter cannot refuse the connection itself, and
 * a caller that is told why learns more than one that is cut off.
 */
final class ConnectionLimit extends ServerTransportFilter implements ServerInterceptor {
    private static final Attributes.Key<Boolean> REFUSED = Attributes.Key.create("store-connection-refused");

    private final int max;
    private final AtomicInteger open = new AtomicInteger();

    ConnectionLimit(int max) {
        this.max = max;
    }

    @Override
    public Attributes transportReady(Attributes attributes) {
        return attributes.toBuilder().set(REFUSED, open.incrementAndGet() > max).build();
    }

    @Override
    public void transportTerminated(Attributes attributes) {
        // Null where the connection broke before it was ready, and so was never counted.
        if (attributes != null && attributes.get(REFUSED) != null) {
            open.decrementAndGet();
        }
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (Boolean.TRUE.equals(call.getAttributes().get(REFUSED))) {
            throw new StoreException(
                    ErrorCode.OVERLOADED, "connections: more than " + max + " (expected: at most " + max + ")");
        }
        return next.startCall(call, headers);
    }
}
