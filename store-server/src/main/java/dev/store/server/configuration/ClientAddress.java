package dev.store.server.configuration;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/** Takes down where a call comes from, for the history of versions and for rules on addresses. */
final class ClientAddress implements ServerInterceptor {
    private static final Context.Key<String> ADDRESS = Context.key("client-address");

    /** The IP address that the current call comes from; empty if it is not known. */
    static String current() {
        String address = ADDRESS.get();
        return address == null ? "" : address;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String address = Instance.addressOf(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
        return Contexts.interceptCall(Context.current().withValue(ADDRESS, address), call, headers, next);
    }
}
