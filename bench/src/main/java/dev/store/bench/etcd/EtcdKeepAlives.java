package dev.store.bench.etcd;

import dev.store.bench.load.Connections;
import dev.store.bench.load.KeepAliveStream;
import dev.store.bench.load.Operation;
import dev.store.bench.load.Workload;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import java.util.ArrayList;
import java.util.List;

/** Each client keeps a lease of its own alive: on a stream that stays open, or on a new one for each message. */
final class EtcdKeepAlives implements Workload {
    private final Connections connections;
    private final int clients;
    private final boolean oneCallEach;
    private final List<KeepAliveStream<?, ?>> streams = new ArrayList<>();
    private List<Long> leases = List.of();

    EtcdKeepAlives(Connections connections, int clients, boolean oneCallEach) {
        this.connections = connections;
        this.clients = clients;
        this.oneCallEach = oneCallEach;
    }

    @Override
    public String name() {
        return oneCallEach ? "keepalive" : "keepalive-stream";
    }

    @Override
    public void prepare() {
        leases = new EtcdLeases(connections).grantEach(clients, EtcdLeases.LONG_TTL_SECONDS);
        if (!oneCallEach) {
            for (int client = 0; client < clients; client++) {
                streams.add(KeepAliveStream.open(
                        connections.of(client),
                        LeaseGrpc.getLeaseKeepAliveMethod(),
                        request(leases.get(client)),
                        EtcdKeepAlives::isAlive));
            }
        }
    }

    @Override
    public Operation operation() {
        if (!oneCallEach) {
            return (client, done) -> streams.get(client).renew(done);
        }
        return (client, done) -> KeepAliveStream.once(
                connections.of(client),
                LeaseGrpc.getLeaseKeepAliveMethod(),
                request(leases.get(client)),
                EtcdKeepAlives::isAlive,
                done);
    }

    @Override
    public void close() {
        streams.forEach(KeepAliveStream::end);
    }

    private static LeaseKeepAliveRequest request(long lease) {
        return LeaseKeepAliveRequest.newBuilder().setID(lease).build();
    }

    private static boolean isAlive(LeaseKeepAliveResponse response) {
        return response.getTTL() > 0;
    }
}
