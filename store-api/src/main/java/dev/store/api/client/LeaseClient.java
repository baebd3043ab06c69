package dev.store.api.client;

import dev.store.api.v1.LeaseGrantRequest;
import dev.store.api.v1.LeaseGrantResponse;
import dev.store.api.v1.LeaseGrpc;
import dev.store.api.v1.LeaseInfo;
import dev.store.api.v1.LeaseListRequest;
import dev.store.api.v1.LeaseListResponse;
import dev.store.api.v1.LeaseRevokeRequest;
import dev.store.api.v1.LeaseRevokeResponse;
import dev.store.api.v1.LeaseTimeToLiveRequest;
import dev.store.api.v1.LeaseTimeToLiveResponse;
import dev.store.api.v1.OperationId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Leases of one namespace: keys attached to one are deleted when it ends. */
public final class LeaseClient {
    private final Scope scope;

    LeaseClient(Scope scope) {
        this.scope = scope;
    }

    /** Calls may take this long, with all their attempts: more than 0, at most 5 minutes. 5 s if not set. */
    public LeaseClient timeout(Duration timeout) {
        return new LeaseClient(scope.with(scope.settings.withTimeout(timeout)));
    }

    /** Creates a lease with an id that the cluster chooses: 1 s to 365 days. Nobody keeps it alive. */
    public CompletableFuture<LeaseGrant> grant(Duration ttl) {
        return grant(ttl, 0);
    }

    /** Creates a lease with this id, which must be greater than 0 and free; 0 lets the cluster choose. */
    public CompletableFuture<LeaseGrant> grant(Duration ttl, long id) {
        return new Call<LeaseGrantRequest, LeaseGrantResponse, LeaseGrant>(
                scope, LeaseGrpc.getGrantMethod(), Call.mutation(scope)) {
            @Override
            LeaseGrantRequest request(@Nullable OperationId operation) {
                LeaseGrantRequest.Builder request = LeaseGrantRequest.newBuilder()
                        .setNamespace(scope.namespace())
                        .setTtlMs(ttl.toMillis())
                        .setLeaseId(id);
                return operation == null
                        ? request.build()
                        : request.setOperation(operation).build();
            }

            @Override
            LeaseGrant answer(LeaseGrantResponse response) {
                return new LeaseGrant(
                        Header.of(response.getHeader()), response.getLeaseId(), Duration.ofMillis(response.getTtlMs()));
            }
        }.start();
    }

    /** Creates a lease, 1 s to 365 days, and keeps it alive until it is revoked, let go or lost. */
    public CompletableFuture<Lease> open(Duration ttl) {
        long sentNanos = System.nanoTime();
        return grant(ttl).thenCompose(grant -> {
            long ttlNanos = grant.ttl().toNanos();
            if (System.nanoTime() - sentNanos >= ttlNanos / 3) {
                // The grant took long: what is left of it is not known before it was renewed.
                return keepAlive(grant.id());
            }
            KeptLease lease = new KeptLease(scope, grant.id(), ttlNanos, sentNanos).granted();
            scope.connection.keepAlives().add(lease);
            return lease.first();
        });
    }

    /**
     * Renews a lease that exists, at once and then until it is revoked, let go or lost. Fails with LEASE_NOT_FOUND if there
     * is none.
     */
    public CompletableFuture<Lease> keepAlive(long id) {
        KeptLease lease = new KeptLease(scope, id);
        scope.connection.keepAlives().add(lease);
        return lease.first();
    }

    /** Ends a lease and deletes its keys, all at one revision. */
    public CompletableFuture<LeaseRevocation> revoke(long id) {
        return new Call<LeaseRevokeRequest, LeaseRevokeResponse, LeaseRevocation>(
                scope, LeaseGrpc.getRevokeMethod(), Call.mutation(scope)) {
            @Override
            LeaseRevokeRequest request(@Nullable OperationId operation) {
                LeaseRevokeRequest.Builder request = LeaseRevokeRequest.newBuilder()
                        .setNamespace(scope.namespace())
                        .setLeaseId(id);
                return operation == null
                        ? request.build()
                        : request.setOperation(operation).build();
            }

            @Override
            LeaseRevocation answer(LeaseRevokeResponse response) {
                return new LeaseRevocation(Header.of(response.getHeader()), response.getDeleted());
            }
        }.start();
    }

    /** Tells how long a lease still lives. */
    public CompletableFuture<LeaseStatus> timeToLive(long id) {
        return timeToLive(id, false);
    }

    /** Tells how long a lease still lives, and which keys are attached to it. */
    public CompletableFuture<LeaseStatus> timeToLive(long id, boolean withKeys) {
        return new Call<LeaseTimeToLiveRequest, LeaseTimeToLiveResponse, LeaseStatus>(
                scope, LeaseGrpc.getTimeToLiveMethod(), Retry.READ) {
            @Override
            LeaseTimeToLiveRequest request(@Nullable OperationId operation) {
                return LeaseTimeToLiveRequest.newBuilder()
                        .setNamespace(scope.namespace())
                        .setLeaseId(id)
                        .setKeys(withKeys)
                        .build();
            }

            @Override
            LeaseStatus answer(LeaseTimeToLiveResponse response) {
                List<Bytes> keys = new ArrayList<>(response.getKeysCount());
                for (int i = 0; i < response.getKeysCount(); i++) {
                    keys.add(Bytes.of(response.getKeys(i)));
                }
                return new LeaseStatus(
                        Header.of(response.getHeader()),
                        response.getLeaseId(),
                        Duration.ofMillis(response.getGrantedTtlMs()),
                        Duration.ofMillis(response.getRemainingMs()),
                        Instant.ofEpochMilli(response.getGrantedAtMs()),
                        keys);
            }
        }.start();
    }

    /** Lists the first leases, at most 10,000. */
    public CompletableFuture<LeaseList> list() {
        return list(0, 0);
    }

    /**
     * Lists leases.
     *
     * @param after only those with a greater id; 0 starts at the first
     * @param limit at most this many, 1 to 10,000; 0 means 10,000
     */
    public CompletableFuture<LeaseList> list(long after, int limit) {
        return new Call<LeaseListRequest, LeaseListResponse, LeaseList>(scope, LeaseGrpc.getListMethod(), Retry.READ) {
            @Override
            LeaseListRequest request(@Nullable OperationId operation) {
                return LeaseListRequest.newBuilder()
                        .setNamespace(scope.namespace())
                        .setRead(scope.read(0))
                        .setAfterLeaseId(after)
                        .setLimit(limit)
                        .build();
            }

            @Override
            LeaseList answer(LeaseListResponse response) {
                List<LeaseList.Item> leases = new ArrayList<>(response.getLeasesCount());
                for (LeaseInfo lease : response.getLeasesList()) {
                    leases.add(new LeaseList.Item(
                            lease.getLeaseId(), Duration.ofMillis(lease.getGrantedTtlMs()), lease.getAttachedKeys()));
                }
                return new LeaseList(Header.of(response.getHeader()), leases, response.getMore());
            }
        }.start();
    }
}
