package dev.store.api.locks;

import dev.store.api.Limits;
import dev.store.api.client.Calls;
import dev.store.api.v1.AwaitLatchRequest;
import dev.store.api.v1.AwaitLatchResponse;
import dev.store.api.v1.CountDownRequest;
import dev.store.api.v1.CountDownResponse;
import dev.store.api.v1.CreateLatchRequest;
import dev.store.api.v1.CreateLatchResponse;
import dev.store.api.v1.DeleteLatchRequest;
import dev.store.api.v1.DeleteLatchResponse;
import dev.store.api.v1.LocksGrpc;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A latch: opens for all who wait when it has been counted down to zero. Made by {@link LockClient#latch}. */
public final class Latch {
    private final Calls calls;
    private final String name;

    Latch(Calls calls, String name) {
        this.calls = calls;
        this.name = name;
    }

    /** Makes the latch; LATCH_EXISTS if there is one. It stays until it is deleted. */
    public CompletableFuture<Void> create(int count) {
        return calls.mutation(
                        LocksGrpc.getCreateLatchMethod(),
                        operation -> {
                            CreateLatchRequest.Builder request = CreateLatchRequest.newBuilder()
                                    .setNamespace(calls.namespace())
                                    .setName(name)
                                    .setCount(count);
                            return operation == null
                                    ? request.build()
                                    : request.setOperation(operation).build();
                        },
                        CreateLatchResponse::getHeader)
                .thenApply(created -> null);
    }

    /** Counts down by one, and completes with how many countdowns are still to come. */
    public CompletableFuture<Integer> countDown() {
        return calls.mutation(
                        LocksGrpc.getCountDownMethod(),
                        operation -> {
                            CountDownRequest.Builder request = CountDownRequest.newBuilder()
                                    .setNamespace(calls.namespace())
                                    .setName(name);
                            return operation == null
                                    ? request.build()
                                    : request.setOperation(operation).build();
                        },
                        CountDownResponse::getHeader)
                .thenApply(CountDownResponse::getRemaining);
    }

    /** Completes when the latch is open; waits for one day at most. */
    public CompletableFuture<Void> await() {
        return await(Limits.LOCK_WAIT_MAX);
    }

    /** Completes when the latch is open; WAIT_TIMEOUT if it is not in time. */
    public CompletableFuture<Void> await(Duration atMost) {
        return new LongCall<AwaitLatchRequest, AwaitLatchResponse>(
                        calls,
                        LocksGrpc.getAwaitLatchMethod(),
                        atMost.toMillis(),
                        waitMs -> AwaitLatchRequest.newBuilder()
                                .setNamespace(calls.namespace())
                                .setName(name)
                                .setWaitMs(waitMs)
                                .build())
                .start()
                .thenApply(open -> null);
    }

    /** Deletes the latch; LATCH_NOT_FOUND if there is none. */
    public CompletableFuture<Void> delete() {
        return calls.mutation(
                        LocksGrpc.getDeleteLatchMethod(),
                        operation -> {
                            DeleteLatchRequest.Builder request = DeleteLatchRequest.newBuilder()
                                    .setNamespace(calls.namespace())
                                    .setName(name);
                            return operation == null
                                    ? request.build()
                                    : request.setOperation(operation).build();
                        },
                        DeleteLatchResponse::getHeader)
                .thenApply(deleted -> null);
    }
}
