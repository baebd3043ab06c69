package dev.store.bench.load;

import dev.store.api.v1.LeaseGrantRequest;
import dev.store.api.v1.LeaseGrantResponse;
import dev.store.api.v1.LeaseGrpc;
import dev.store.api.v1.LeaseKeepAliveRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Each client keeps a lease of its own alive on a stream of its own, one message after the other. */
final class KeepAliveWorkload implements Workload {
    private static final long TTL_MILLIS = 60_000;

    private final Connections connections;
    private final int clients;
    private final List<KeepAliveStream<?, ?>> streams = new ArrayList<>();

    KeepAliveWorkload(Connections connections, int clients) {
        this.connections = connections;
        this.clients = clients;
    }

    @Override
    public String name() {
        return "lease-keepalive";
    }

    @Override
    public void prepare() {
        List<CompletableFuture<LeaseGrantResponse>> granted = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            granted.add(connections.ask(
                    client,
                    LeaseGrpc.getGrantMethod(),
                    LeaseGrantRequest.newBuilder().setTtlMs(TTL_MILLIS).build()));
        }
        for (int client = 0; client < clients; client++) {
            streams.add(KeepAliveStream.open(
                    connections.of(client),
                    LeaseGrpc.getKeepAliveMethod(),
                    LeaseKeepAliveRequest.newBuilder()
                            .addLeaseIds(granted.get(client).join().getLeaseId())
                            .build(),
                    response -> response.getResults(0).getTtlMs() > 0));
        }
    }

    @Override
    public Operation operation() {
        return (client, done) -> streams.get(client).renew(done);
    }

    @Override
    public void close() {
        streams.forEach(KeepAliveStream::end);
    }
}
