package dev.store.bench.etcd;

import com.google.protobuf.ByteString;
import dev.store.bench.load.Connections;
import dev.store.bench.load.HandOver;
import dev.store.bench.load.Operation;
import dev.store.bench.load.Timings;
import dev.store.bench.load.Workload;
import io.etcd.jetcd.api.lock.LockGrpc;
import io.etcd.jetcd.api.lock.LockRequest;
import io.etcd.jetcd.api.lock.LockResponse;
import io.etcd.jetcd.api.lock.UnlockRequest;
import java.util.List;

/** Each client locks and unlocks again and again, under a lease of its own: its own lock, or one that all want. */
final class EtcdLocks implements Workload {
    private final Connections connections;
    private final int clients;
    private final boolean contended;
    private final HandOver handOver;
    private List<Long> leases = List.of();

    EtcdLocks(Connections connections, int clients, boolean contended, Timings timings) {
        this.connections = connections;
        this.clients = clients;
        this.contended = contended;
        this.handOver = new HandOver(timings, contended);
    }

    @Override
    public String name() {
        return contended ? "lock-contended" : "lock";
    }

    @Override
    public void prepare() {
        leases = new EtcdLeases(connections).grantEach(clients, EtcdLeases.LONG_TTL_SECONDS);
    }

    @Override
    public Operation operation() {
        return (client, done) -> {
            LockRequest request = LockRequest.newBuilder()
                    .setName(ByteString.copyFromUtf8(contended ? "bench/one" : "bench/" + client))
                    .setLease(leases.get(client))
                    .build();
            long askedNanos = System.nanoTime();
            connections.call(
                    client,
                    LockGrpc.getLockMethod(),
                    request,
                    (LockResponse held) -> {
                        handOver.held(askedNanos);
                        unlock(client, held, done);
                    },
                    done);
        };
    }

    private void unlock(int client, LockResponse held, Operation.Done done) {
        handOver.givingBack();
        connections.call(
                client,
                LockGrpc.getUnlockMethod(),
                UnlockRequest.newBuilder().setKey(held.getKey()).build(),
                done);
    }

    @Override
    public void close() {
        // The leases end by themselves.
    }
}
