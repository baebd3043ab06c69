package dev.store.server.locks;

import dev.store.api.v1.DescribeLockRequest;
import dev.store.api.v1.DescribeLockResponse;
import dev.store.api.v1.ListLocksRequest;
import dev.store.api.v1.ListLocksResponse;
import dev.store.api.v1.LockSummary;
import dev.store.api.v1.ReadOptions;
import dev.store.api.v1.VerifyLockRequest;
import dev.store.api.v1.VerifyLockResponse;
import dev.store.raft.keyspace.LockGuards;
import dev.store.raft.keyspace.LockQueue;
import dev.store.raft.keyspace.Requests;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Questions about locks. */
final class LockReads {
    private final LockParts parts;

    LockReads(LockParts parts) {
        this.parts = parts;
    }

    CompletableFuture<VerifyLockResponse> verify(VerifyLockRequest request) {
        LockId id = LockRequests.id(request.getNamespace(), request.getName());
        long token = LockRequests.token(request.getToken());
        return parts.records().reads().brief(ReadOptions.getDefaultInstance(), view -> {
            Optional<LockGuards.LockEntry> entry = LockGuards.holding(view, id.namespace(), id.name(), token);
            VerifyLockResponse.Builder response = VerifyLockResponse.newBuilder()
                    .setHeader(parts.headers().at(view.revision()))
                    .setHeld(entry.isPresent());
            entry.or(() -> LockGuards.firstHolder(view, id.namespace(), id.name()))
                    .ifPresent(found -> response.setHolder(
                            Entry.of(found.key(), found.keyRecord()).holder()));
            return response.build();
        });
    }

    CompletableFuture<DescribeLockResponse> describe(DescribeLockRequest request) {
        LockId id = LockRequests.id(request.getNamespace(), request.getName());
        int limit = LockRequests.limit(request.getLimit());
        return parts.records().fresh(request.getRead()).thenApply(revision -> parts.queues()
                .read(id, queue -> {
                    DescribeLockResponse.Builder response = DescribeLockResponse.newBuilder()
                            .setHeader(parts.headers().at(revision))
                            .setHolderCount(queue.holders())
                            .setWaiterCount(queue.size() - queue.holders())
                            .setPermits(queue.permits());
                    queue.holders(limit).forEach(entry -> response.addHolders(entry.holder()));
                    queue.waiters(limit).forEach(entry -> response.addWaiters(entry.waiter()));
                    return response.build();
                }));
    }

    CompletableFuture<ListLocksResponse> list(ListLocksRequest request) {
        String namespace = Requests.namespace(request.getNamespace());
        if (!request.getPrefix().isEmpty()) {
            LockGuards.lockName("prefix", request.getPrefix());
        }
        if (!request.getAfter().isEmpty()) {
            LockGuards.lockName("after", request.getAfter());
        }
        int limit = LockRequests.limit(request.getLimit());
        return parts.records().fresh(request.getRead()).thenApply(revision -> {
            List<LockSummary> found = parts.queues()
                    .list(
                            new LockId(namespace, request.getAfter()),
                            request.getPrefix(),
                            limit + 1,
                            LockReads::summary);
            return ListLocksResponse.newBuilder()
                    .setHeader(parts.headers().at(revision))
                    .addAllLocks(found.subList(0, Math.min(limit, found.size())))
                    .setMore(found.size() > limit)
                    .build();
        });
    }

    private static LockSummary summary(LockId id, Queue queue) {
        LockSummary.Builder summary = LockSummary.newBuilder()
                .setName(id.name())
                .setHolderCount(queue.holders())
                .setWaiterCount(queue.size() - queue.holders())
                .setPermits(queue.permits());
        Entry first = queue.first();
        return first == null
                ? summary.build()
                : summary.setHolder(first.holder()).build();
    }

    /** Which queue an entry is in, and what it is; from the view if that knows it, else from the keyspace. */
    CompletableFuture<Optional<LockQueue>> queueOf(LockId id, long token, com.google.protobuf.ByteString ownerKey) {
        Entry known = parts.queues().read(id, queue -> queue.get(token));
        if (known != null) {
            return CompletableFuture.completedFuture(Optional.of(known.queue()));
        }
        return parts.records().reads().brief(ReadOptions.getDefaultInstance(), view -> view.get(
                        dev.store.raft.keyspace.Scope.records(id.namespace()).key(ownerKey), 0)
                .map(found -> LockQueue.of(LockOps.owner(found.value()).getQueue())));
    }
}
