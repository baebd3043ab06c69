package dev.store.api.locks;

import dev.store.api.Limits;
import dev.store.api.client.Calls;
import dev.store.api.client.Lease;
import dev.store.api.v1.EnterBarrierRequest;
import dev.store.api.v1.EnterBarrierResponse;
import dev.store.api.v1.LeaveBarrierRequest;
import dev.store.api.v1.LeaveBarrierResponse;
import dev.store.api.v1.LocksGrpc;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One party of a double barrier: all parties enter before any goes on, and all leave before any goes on. Made by
 * {@link LockClient#barrier}. It can be used round after round.
 */
public final class Barrier {
    private final Calls calls;
    private final SharedLease shared;
    private final String name;
    private final String owner;
    private final int parties;
    private @Nullable Lease inside;

    Barrier(Calls calls, SharedLease shared, String name, String owner, int parties) {
        this.calls = calls;
        this.shared = shared;
        this.name = name;
        this.owner = owner;
        this.parties = parties;
    }

    /** Enters, and completes when all parties have; waits for one day at most. */
    public CompletableFuture<Void> enter() {
        return enter(Limits.LOCK_WAIT_MAX);
    }

    /** Enters, and completes when all parties have; WAIT_TIMEOUT if they have not in time, and then this one is out again. */
    public CompletableFuture<Void> enter(Duration atMost) {
        return shared.use()
                .thenCompose(lease -> new LongCall<EnterBarrierRequest, EnterBarrierResponse>(
                                calls,
                                LocksGrpc.getEnterBarrierMethod(),
                                atMost.toMillis(),
                                waitMs -> EnterBarrierRequest.newBuilder()
                                        .setNamespace(calls.namespace())
                                        .setName(name)
                                        .setOwner(owner)
                                        .setLeaseId(lease.id())
                                        .setParties(parties)
                                        .setWaitMs(waitMs)
                                        .build())
                        .start()
                        .thenAccept(entered -> inside(lease)))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        shared.release();
                    }
                });
    }

    private synchronized void inside(@Nullable Lease lease) {
        inside = lease;
    }

    private synchronized Lease inside() {
        Lease lease = inside;
        if (lease == null) {
            throw new IllegalStateException("barrier \"" + name + "\": not entered (expected: entered)");
        }
        return lease;
    }

    /** Leaves, and completes when all parties have, or their leases have ended; waits for one day at most. */
    public CompletableFuture<Void> leave() {
        Lease lease = inside();
        return new LongCall<LeaveBarrierRequest, LeaveBarrierResponse>(
                        calls,
                        LocksGrpc.getLeaveBarrierMethod(),
                        Limits.LOCK_WAIT_MAX.toMillis(),
                        waitMs -> LeaveBarrierRequest.newBuilder()
                                .setNamespace(calls.namespace())
                                .setName(name)
                                .setOwner(owner)
                                .setLeaseId(lease.id())
                                .setParties(parties)
                                .setWaitMs(waitMs)
                                .build())
                .start()
                .thenAccept(left -> {
                    inside(null);
                    shared.release();
                });
    }
}
