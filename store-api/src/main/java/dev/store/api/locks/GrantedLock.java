package dev.store.api.locks;

import dev.store.api.client.Bytes;
import dev.store.api.client.Calls;
import dev.store.api.client.Lease;
import dev.store.api.error.StoreException;
import dev.store.api.v1.LocksGrpc;
import dev.store.api.v1.ProclaimRequest;
import dev.store.api.v1.ProclaimResponse;
import dev.store.api.v1.UnlockRequest;
import dev.store.api.v1.UnlockResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A lock on a shared lease. */
final class GrantedLock implements HeldLock {
    private final Calls calls;
    private final SharedLease shared;
    private final Lease lease;
    private final String name;
    private final String owner;
    private final long token;
    private final CompletableFuture<StoreException> lost = new CompletableFuture<>();
    private final Consumer<StoreException> onLoss;
    private final AtomicBoolean released = new AtomicBoolean();

    GrantedLock(Calls calls, SharedLease shared, Lease lease, String name, String owner, long token) {
        this.calls = calls;
        this.shared = shared;
        this.lease = lease;
        this.name = name;
        this.owner = owner;
        this.token = token;
        this.onLoss = cause -> {
            if (release()) {
                lost.complete(SharedLease.lost(name, cause));
            }
        };
        shared.listen(lease, onLoss);
    }

    private boolean release() {
        if (!released.compareAndSet(false, true)) {
            return false;
        }
        shared.unlisten(lease, onLoss);
        shared.release();
        return true;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String owner() {
        return owner;
    }

    @Override
    public long token() {
        return token;
    }

    @Override
    public long leaseId() {
        return lease.id();
    }

    @Override
    public CompletableFuture<StoreException> lost() {
        return lost.copy();
    }

    @Override
    public CompletableFuture<Void> proclaim(Bytes value) {
        return calls.mutation(
                        LocksGrpc.getProclaimMethod(),
                        operation -> {
                            ProclaimRequest.Builder request = ProclaimRequest.newBuilder()
                                    .setNamespace(calls.namespace())
                                    .setName(name)
                                    .setToken(token)
                                    .setValue(value.toByteString());
                            return operation == null
                                    ? request.build()
                                    : request.setOperation(operation).build();
                        },
                        ProclaimResponse::getHeader)
                .thenApply(done -> null);
    }

    @Override
    public CompletableFuture<Void> unlock() {
        return calls.mutation(
                        LocksGrpc.getUnlockMethod(),
                        operation -> {
                            UnlockRequest.Builder request = UnlockRequest.newBuilder()
                                    .setNamespace(calls.namespace())
                                    .setName(name)
                                    .setOwner(owner)
                                    .setLeaseId(lease.id())
                                    .setToken(token);
                            return operation == null
                                    ? request.build()
                                    : request.setOperation(operation).build();
                        },
                        UnlockResponse::getHeader)
                .handle((done, failure) -> {
                    release();
                    if (failure != null) {
                        throw failure instanceof CompletionException wrapped
                                ? wrapped
                                : new CompletionException(failure);
                    }
                    return null;
                });
    }

    @Override
    public void close() {
        if (released.get()) {
            return;
        }
        try {
            unlock().join();
        } catch (CompletionException e) {
            release(); // It ends with its lease; LOCK_NOT_HELD says that it has.
        }
    }
}
