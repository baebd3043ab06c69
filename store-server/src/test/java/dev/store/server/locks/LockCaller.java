package dev.store.server.locks;

import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.api.v1.LeaseGrantRequest;
import dev.store.api.v1.LeaseRevokeRequest;
import dev.store.api.v1.LockMode;
import dev.store.api.v1.LockRequest;
import dev.store.api.v1.LockResponse;
import dev.store.api.v1.LocksGrpc;
import dev.store.api.v1.UnlockRequest;
import dev.store.server.testing.TestCluster.Node;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks one node for locks, as one owner under one lease. */
final class LockCaller {
    static final long LONG_WAIT_MS = 60_000;

    final Node node;
    final String owner;
    final long leaseId;

    private LockCaller(Node node, String owner, long leaseId) {
        this.node = node;
        this.owner = owner;
        this.leaseId = leaseId;
    }

    /** An owner with a lease of its own that lives for long. */
    static LockCaller at(Node node, String owner) {
        return at(node, owner, 120_000);
    }

    static LockCaller at(Node node, String owner, long ttlMs) {
        long lease = node.leases()
                .grant(LeaseGrantRequest.newBuilder().setTtlMs(ttlMs).build())
                .getLeaseId();
        return new LockCaller(node, owner, lease);
    }

    /** The same owner and lease, at another node. */
    LockCaller movedTo(Node other) {
        return new LockCaller(other, owner, leaseId);
    }

    LockRequest.Builder request(String name) {
        return LockRequest.newBuilder()
                .setName(name)
                .setOwner(owner)
                .setLeaseId(leaseId)
                .setWaitMs(LONG_WAIT_MS);
    }

    Pending<LockResponse> lock(String name) {
        return send(request(name));
    }

    Pending<LockResponse> share(String name) {
        return send(request(name).setMode(LockMode.LOCK_MODE_SHARED));
    }

    Pending<LockResponse> permit(String name, int permits) {
        return send(request(name).setMode(LockMode.LOCK_MODE_PERMIT).setPermits(permits));
    }

    Pending<LockResponse> attempt(String name) {
        return send(request(name).setWaitMs(0));
    }

    Pending<LockResponse> send(LockRequest.Builder request) {
        return Pending.of(node, LocksGrpc.getLockMethod(), request.build());
    }

    void unlock(String name, long token) {
        stub().unlock(unlockRequest(name, token).build());
    }

    UnlockRequest.Builder unlockRequest(String name, long token) {
        return UnlockRequest.newBuilder()
                .setName(name)
                .setOwner(owner)
                .setLeaseId(leaseId)
                .setToken(token);
    }

    void endLease() {
        node.leases().revoke(LeaseRevokeRequest.newBuilder().setLeaseId(leaseId).build());
    }

    LocksGrpc.LocksBlockingStub stub() {
        return stub(node);
    }

    static LocksGrpc.LocksBlockingStub stub(Node node) {
        return LocksGrpc.newBlockingStub(node.channel()).withDeadlineAfter(Duration.ofSeconds(60));
    }

    /** A call under way. */
    static final class Pending<R> {
        private final ClientCall<?, R> call;
        private final CompletableFuture<R> answer = new CompletableFuture<>();

        private Pending(ClientCall<?, R> call) {
            this.call = call;
        }

        static <Q, R> Pending<R> of(Node node, MethodDescriptor<Q, R> method, Q request) {
            ClientCall<Q, R> call = node.channel().newCall(method, CallOptions.DEFAULT);
            Pending<R> pending = new Pending<>(call);
            ClientCalls.asyncUnaryCall(call, request, new StreamObserver<>() {
                @Override
                public void onNext(R value) {
                    pending.answer.complete(value);
                }

                @Override
                public void onError(Throwable error) {
                    pending.answer.completeExceptionally(GrpcErrors.fromGrpc(error));
                }

                @Override
                public void onCompleted() {}
            });
            return pending;
        }

        R get() {
            try {
                return answer.get(60, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw GrpcErrors.fromGrpc(e);
            } catch (InterruptedException | TimeoutException e) {
                throw new AssertionError("no answer within 60 s", e);
            }
        }

        StoreException failure() {
            try {
                R value = get();
                throw new AssertionError("an answer (expected: an error): " + value);
            } catch (StoreException e) {
                return e;
            }
        }

        boolean isDone() {
            return answer.isDone();
        }

        void cancel() {
            call.cancel("the caller is gone", null);
        }
    }
}
