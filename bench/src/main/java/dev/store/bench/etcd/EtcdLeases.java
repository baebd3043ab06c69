package dev.store.bench.etcd;

import com.google.protobuf.ByteString;
import dev.store.bench.load.Connections;
import dev.store.bench.load.Operation;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrantResponse;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.PutResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Leases: grants of them, and registrations under one. */
final class EtcdLeases {
    static final long LONG_TTL_SECONDS = 3_600;
    private static final long REGISTRATION_TTL_SECONDS = 30;
    /** An address, ports, a version and labels of an instance come to about that. */
    private static final ByteString RECORD = ByteString.copyFrom(new byte[200]);

    private final Connections connections;

    EtcdLeases(Connections connections) {
        this.connections = connections;
    }

    Operation grant() {
        LeaseGrantRequest request =
                LeaseGrantRequest.newBuilder().setTTL(LONG_TTL_SECONDS).build();
        return (client, done) -> connections.call(client, LeaseGrpc.getLeaseGrantMethod(), request, done);
    }

    /** Registers the client under a lease of its own and deregisters it by revoking that. */
    Operation register() {
        LeaseGrantRequest request =
                LeaseGrantRequest.newBuilder().setTTL(REGISTRATION_TTL_SECONDS).build();
        return (client, done) -> connections.call(
                client, LeaseGrpc.getLeaseGrantMethod(), request, granted -> put(client, granted, done), done);
    }

    private void put(int client, LeaseGrantResponse granted, Operation.Done done) {
        PutRequest put = PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("services/cycle-" + client % 16 + "/" + client))
                .setValue(RECORD)
                .setLease(granted.getID())
                .build();
        connections.call(
                client,
                KVGrpc.getPutMethod(),
                put,
                (PutResponse answer) -> revoke(client, granted.getID(), done),
                done);
    }

    private void revoke(int client, long lease, Operation.Done done) {
        connections.call(
                client,
                LeaseGrpc.getLeaseRevokeMethod(),
                LeaseRevokeRequest.newBuilder().setID(lease).build(),
                done);
    }

    /** A lease of each of the first so many clients, for long or for so many seconds. */
    List<Long> grantEach(int clients, long ttlSeconds) {
        LeaseGrantRequest request =
                LeaseGrantRequest.newBuilder().setTTL(ttlSeconds).build();
        List<CompletableFuture<LeaseGrantResponse>> granted = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            granted.add(connections.ask(client, LeaseGrpc.getLeaseGrantMethod(), request));
        }
        return granted.stream().map(grant -> grant.join().getID()).toList();
    }
}
