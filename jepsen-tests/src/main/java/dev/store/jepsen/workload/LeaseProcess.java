package dev.store.jepsen.workload;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.api.v1.GetRequest;
import dev.store.api.v1.LeaseGrantRequest;
import dev.store.api.v1.LeaseKeepAliveRequest;
import dev.store.api.v1.LeaseKeepAliveResponse;
import dev.store.api.v1.LeaseTimeToLiveRequest;
import dev.store.api.v1.Put;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.history.Recorder;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The owner of one lease with one key, and the observer of its end. Used by one thread. */
public final class LeaseProcess {
    private static final Duration CALL = Duration.ofSeconds(10);

    private final Recorder.Worker worker;
    private final Recorder.Worker observer;
    private final ByteString key;
    private final String name;
    private long leaseId;
    private long attached;

    /** An owner that will attach this key. */
    public LeaseProcess(Recorder recorder, String key) {
        this.worker = recorder.worker();
        this.observer = recorder.worker();
        this.key = ByteString.copyFromUtf8(key);
        this.name = key;
    }

    /** The key attached. */
    public String key() {
        return name;
    }

    /** Grants the lease and attaches the key to it; fails loudly if it cannot. */
    public void grant(Node node, long ttlMs) {
        worker.invoke("lease-grant", ttlMs, Map.of("key", name, "node", node.name()));
        leaseId = node.client()
                .lease(CALL)
                .grant(LeaseGrantRequest.newBuilder().setTtlMs(ttlMs).build())
                .getLeaseId();
        worker.ok(ttlMs, Map.of("node", node.name()));
        Put put = Put.newBuilder().setKey(key).setLeaseId(leaseId).build();
        long revision = node.client()
                .kv(CALL)
                .put(PutRequest.newBuilder().setPut(put).build())
                .getHeader()
                .getRevision();
        worker.invoke("attach", leaseId, Map.of("node", node.name()));
        worker.ok(leaseId, Map.of("revision", revision));
    }

    /** Grants the lease and attaches the key; whether both were acknowledged. */
    public boolean tryGrant(Node node, long ttlMs) {
        worker.invoke("lease-grant", ttlMs, Map.of("key", name, "node", node.name()));
        try {
            leaseId = node.client()
                    .lease(CALL)
                    .grant(LeaseGrantRequest.newBuilder().setTtlMs(ttlMs).build())
                    .getLeaseId();
        } catch (StatusRuntimeException e) {
            failed(e, node);
            return false;
        }
        worker.ok(ttlMs, Map.of("node", node.name()));
        Put put = Put.newBuilder().setKey(key).setLeaseId(leaseId).build();
        worker.invoke("attach", leaseId, Map.of("node", node.name()));
        try {
            attached = node.client()
                    .kv(CALL)
                    .put(PutRequest.newBuilder().setPut(put).build())
                    .getHeader()
                    .getRevision();
            worker.ok(leaseId, Map.of("revision", attached));
            return true;
        } catch (StatusRuntimeException e) {
            failed(e, node);
            attached = 0;
            return false;
        }
    }

    /** Whether the grant was acknowledged. */
    public boolean hasLease() {
        return leaseId != 0;
    }

    /** Whether the lease and its key are gone for a node that had seen them; empty without an answer. */
    public Optional<Boolean> isGone(Node node) {
        try {
            if (attached > 0) {
                GetRequest request = GetRequest.newBuilder()
                        .setKey(key)
                        .setRead(ReadOptions.newBuilder()
                                .setConsistency(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE)
                                .setAtLeastRevision(attached))
                        .build();
                return Optional.of(!node.client().kv(CALL).get(request).hasEntry());
            }
            return Optional.of(remainingMs(node) < 0);
        } catch (StatusRuntimeException e) {
            boolean ended = GrpcErrors.fromGrpc(e).code() == ErrorCode.LEASE_NOT_FOUND;
            return ended ? Optional.of(true) : Optional.empty();
        }
    }

    /** Asks nodes in turn until one says that the lease has ended; writes down when that was. */
    public void awaitGone(java.util.function.Supplier<Node> nodes, Duration limit) {
        observer.invoke("lease-gone", null, Map.of("key", name));
        Await.until(limit, "the end of the lease of " + name, () -> isGone(nodes.get())
                .orElse(false));
        observer.ok(null, Map.of());
    }

    private void failed(Throwable failure, Node node) {
        StoreException error = GrpcErrors.fromGrpc(failure);
        String what = error.code() + ": " + error.getMessage();
        if (error.code().outcome() == ErrorCode.Outcome.DEFINITE) {
            worker.fail(what, Map.of("node", node.name()));
        } else {
            worker.info(what, Map.of("node", node.name()));
        }
    }

    /** Keeps it alive once; the acknowledged time to live in ms, 0 if the lease is gone, or empty without an answer. */
    public Optional<Long> keepAlive(Node node, Duration limit) {
        worker.invoke("lease-keepalive", null, Map.of("key", name, "node", node.name()));
        CompletableFuture<Long> answer = new CompletableFuture<>();
        try {
            StreamObserver<LeaseKeepAliveRequest> stream = node.client()
                    .leaseStreams()
                    .withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS)
                    .keepAlive(new FirstAnswer(answer));
            stream.onNext(
                    LeaseKeepAliveRequest.newBuilder().addLeaseIds(leaseId).build());
            long ttl = answer.get(limit.toMillis() + 1_000, TimeUnit.MILLISECONDS);
            stream.onCompleted();
            worker.ok(ttl, Map.of("node", node.name()));
            return Optional.of(ttl);
        } catch (ExecutionException | TimeoutException | StatusRuntimeException e) {
            failed(e, node);
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            worker.info("interrupted", Map.of());
            return Optional.empty();
        }
    }

    /** Remaining time as the leader knows it, in ms. */
    public long remainingMs(Node node) {
        return node.client()
                .lease(CALL)
                .timeToLive(
                        LeaseTimeToLiveRequest.newBuilder().setLeaseId(leaseId).build())
                .getRemainingMs();
    }

    /** Whether a node sees the key. */
    public boolean isThere(Node node) {
        GetRequest request = GetRequest.newBuilder()
                .setKey(key)
                .setRead(ReadOptions.newBuilder().setConsistency(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE))
                .build();
        return node.client().kv(CALL).get(request).hasEntry();
    }

    /** Waits until a node no longer sees the key, and writes down when that was. */
    public void awaitGone(Node node, Duration limit) {
        observer.invoke("lease-gone", null, Map.of("key", name, "node", node.name()));
        Await.until(limit, "the end of the lease of " + name + " at " + node, () -> !isThere(node));
        observer.ok(null, Map.of("node", node.name()));
    }

    private record FirstAnswer(CompletableFuture<Long> answer) implements StreamObserver<LeaseKeepAliveResponse> {
        @Override
        public void onNext(LeaseKeepAliveResponse response) {
            answer.complete(response.getResults(0).getTtlMs());
        }

        @Override
        public void onError(Throwable failure) {
            answer.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            answer.completeExceptionally(
                    io.grpc.Status.UNAVAILABLE.withDescription("stream ended").asRuntimeException());
        }
    }
}
