package dev.store.bench.load;

import dev.store.api.v1.LeaseGrantRequest;
import dev.store.api.v1.LeaseGrantResponse;
import dev.store.api.v1.LeaseGrpc;
import dev.store.api.v1.LockRequest;
import dev.store.api.v1.LockResponse;
import dev.store.api.v1.LocksGrpc;
import dev.store.api.v1.UnlockRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Each client locks and unlocks again and again, under a lease of its own: its own lock, or one that all want. An
 * operation is such a cycle, an event a grant ({@link HandOver}).
 */
final class LockWorkload implements Workload {
    private static final long TTL_MILLIS = 3_600_000;
    private static final long WAIT_MILLIS = 600_000;

    private final Connections connections;
    private final int clients;
    private final boolean contended;
    private final HandOver handOver;
    private final List<Long> leases = new ArrayList<>();

    LockWorkload(Connections connections, int clients, boolean contended, Timings timings) {
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
        List<CompletableFuture<LeaseGrantResponse>> granted = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            granted.add(connections.ask(
                    client,
                    LeaseGrpc.getGrantMethod(),
                    LeaseGrantRequest.newBuilder().setTtlMs(TTL_MILLIS).build()));
        }
        granted.forEach(grant -> leases.add(grant.join().getLeaseId()));
    }

    @Override
    public Operation operation() {
        return this::cycle;
    }

    private void cycle(int client, Operation.Done done) {
        String name = contended ? "bench/one" : "bench/" + client;
        long askedNanos = System.nanoTime();
        connections.call(
                client,
                LocksGrpc.getLockMethod(),
                LockRequest.newBuilder()
                        .setName(name)
                        .setOwner("client-" + client)
                        .setLeaseId(leases.get(client))
                        .setWaitMs(WAIT_MILLIS)
                        .build(),
                held -> {
                    handOver.held(askedNanos);
                    unlock(client, name, held, done);
                },
                done);
    }

    private void unlock(int client, String name, LockResponse held, Operation.Done done) {
        handOver.givingBack();
        connections.call(
                client,
                LocksGrpc.getUnlockMethod(),
                UnlockRequest.newBuilder()
                        .setName(name)
                        .setOwner("client-" + client)
                        .setLeaseId(held.getLeaseId())
                        .setToken(held.getToken())
                        .build(),
                done);
    }

    @Override
    public void close() {
        // The leases end by themselves.
    }
}
