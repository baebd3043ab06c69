package dev.store.server.member;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.MethodDescriptor;

/**
 * Frees calls between members from the context of the client's call that caused them. gRPC would else cancel them with
 * it, although several clients may wait for the same answer; and what goes on when the answer comes would run in that
 * context too, and so make calls that are canceled from the start.
 */
final class OwnContext implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        Context before = Context.ROOT.attach();
        try {
            return next.newCall(method, options);
        } finally {
            Context.ROOT.detach(before);
        }
    }
}
