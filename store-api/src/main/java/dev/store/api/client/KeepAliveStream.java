package dev.store.api.client;

import dev.store.api.error.StoreException;
import dev.store.api.v1.LeaseGrpc;
import dev.store.api.v1.LeaseKeepAliveRequest;
import dev.store.api.v1.LeaseKeepAliveResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;

/** One bidirectional call that carries renewals. Used only within {@link KeepAlives}' synchronization context. */
final class KeepAliveStream extends ClientCall.Listener<LeaseKeepAliveResponse> {
    private final KeepAlives keepAlives;
    private final Endpoint endpoint;
    private final ManagedChannel channel;
    private final ClientCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> call;

    KeepAliveStream(KeepAlives keepAlives, Endpoint endpoint) {
        this.keepAlives = keepAlives;
        this.endpoint = endpoint;
        this.channel = endpoint.channel();
        this.call = channel.newCall(LeaseGrpc.getKeepAliveMethod(), CallOptions.DEFAULT);
    }

    void open() {
        call.start(this, new Metadata());
        call.request(4);
    }

    Endpoint endpoint() {
        return endpoint;
    }

    ManagedChannel channel() {
        return channel;
    }

    void send(LeaseKeepAliveRequest request) {
        call.sendMessage(request);
    }

    void close() {
        call.cancel("closed by the client", null);
    }

    @Override
    public void onMessage(LeaseKeepAliveResponse response) {
        call.request(1);
        keepAlives.context().execute(() -> keepAlives.answered(this, response));
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        StoreException cause =
                Failures.of(status, trailers, call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR), endpoint);
        keepAlives.context().execute(() -> keepAlives.ended(this, cause));
    }
}
