package dev.store.api.client;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import java.util.concurrent.TimeUnit;

/** Makes channels with whichever gRPC transport is on the class path (Netty by default, OkHttp in the command line). */
final class ChannelMaker {
    /** A page or a fragment is at most a few MiB; this is the bound for what a member may send at once. */
    static final int MAX_ANSWER_BYTES = 16 * 1024 * 1024;

    private final ChannelCredentials credentials;
    private final long pingSeconds;

    ChannelMaker(ChannelCredentials credentials, long pingSeconds) {
        this.credentials = credentials;
        this.pingSeconds = pingSeconds;
    }

    ManagedChannel make(String address) {
        return Grpc.newChannelBuilder("dns:///".concat(address), credentials)
                // Callbacks run on the transport's thread: a hand-off costs more than everything they do.
                .directExecutor()
                // Retries are this client's own business: only it knows which are safe.
                .disableRetry()
                .disableServiceConfigLookUp()
                .maxInboundMessageSize(MAX_ANSWER_BYTES)
                .keepAliveTime(pingSeconds, TimeUnit.SECONDS)
                .keepAliveTimeout(10, TimeUnit.SECONDS)
                .build();
    }
}
