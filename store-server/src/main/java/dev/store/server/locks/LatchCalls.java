package dev.store.server.locks;

import com.google.protobuf.ByteString;
import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.CountDownRequest;
import dev.store.api.v1.CountDownResponse;
import dev.store.api.v1.CreateLatchRequest;
import dev.store.api.v1.CreateLatchResponse;
import dev.store.api.v1.DeleteLatchRequest;
import dev.store.api.v1.DeleteLatchResponse;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.ReadOptions;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.Scope;
import dev.store.raft.v1.BarrierRecord;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.Latch;
import dev.store.server.records.RecordCommand;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Making, counting down and deleting latches. */
final class LatchCalls {
    private static final int TRIES = 100;
    /** No record was ever modified at it: a demand that cannot hold. */
    private static final long NEVER = -1;

    private final LockParts parts;

    LatchCalls(LockParts parts) {
        this.parts = parts;
    }

    CompletableFuture<CreateLatchResponse> create(CreateLatchRequest request) {
        LockId id = LockRequests.id(request.getNamespace(), request.getName());
        LockRequests.between("count", request.getCount(), 1, Limits.LATCH_COUNT);
        LockRequests.between("lease_id", request.getLeaseId(), 0, Long.MAX_VALUE);
        ByteString key = BarrierCommands.latchKey(id.name());
        RecordCommand txn = RecordCommand.in(id.namespace())
                .operation(LockRequests.operation(request.hasOperation(), request.getOperation()))
                .whenMissing(LockOps.key(key))
                .then(LockOps.put(key, latch(request.getCount(), request.getCount()), request.getLeaseId()));
        return parts.records().commit(txn.build()).thenApply(result -> {
            if (!result.getTxn().getSucceeded()) {
                throw new StoreException(
                        ErrorCode.LATCH_EXISTS, "latch \"" + id.name() + "\" exists (expected: a new name)");
            }
            return CreateLatchResponse.newBuilder()
                    .setHeader(parts.headers().at(result.getRevision()))
                    .build();
        });
    }

    private static BarrierRecord latch(int remaining, int count) {
        return BarrierRecord.newBuilder()
                .setLatch(Latch.newBuilder().setRemaining(remaining).setCount(count))
                .build();
    }

    /** What a countdown finds. */
    private record Seen(long modRevision, Latch latch) {
        static Seen of(KeyRecord found) {
            return new Seen(found.modRevision(), GatherView.parse(found.value()).getLatch());
        }

        static Seen of(KeyValue found) {
            return new Seen(
                    found.getModRevision(), GatherView.parse(found.getValue()).getLatch());
        }
    }

    CompletableFuture<CountDownResponse> countDown(CountDownRequest request) {
        LockId id = LockRequests.id(request.getNamespace(), request.getName());
        int by = (int) LockRequests.between("by", request.getBy(), 0, Limits.LATCH_COUNT);
        OperationId operation = LockRequests.operation(request.hasOperation(), request.getOperation());
        ByteString key = Scope.records(id.namespace()).key(BarrierCommands.latchKey(id.name()));
        return parts.records()
                .reads()
                .brief(ReadOptions.getDefaultInstance(), view -> view.get(key, 0)
                        .map(Seen::of))
                .thenCompose(seen -> countDown(id, Math.max(1, by), operation, seen.orElse(null), 1));
    }

    private CompletableFuture<CountDownResponse> countDown(
            LockId id, int by, @Nullable OperationId operation, @Nullable Seen seen, int attempt) {
        ByteString key = BarrierCommands.latchKey(id.name());
        // Also where nothing is left to count: an earlier attempt of the same operation may have counted.
        RecordCommand txn = RecordCommand.in(id.namespace()).operation(operation);
        if (seen == null || seen.latch.getRemaining() == 0) {
            txn.whenModifiedAt(key, NEVER);
        } else {
            int remaining = Math.max(0, seen.latch.getRemaining() - by);
            txn.whenModifiedAt(key, seen.modRevision)
                    .then(LockOps.change(key, latch(remaining, seen.latch.getCount())))
                    .then(LockOps.read(key));
        }
        return parts.records().commit(txn.otherwise(LockOps.read(key)).build()).thenCompose(result -> {
            if (result.getTxn().getSucceeded()) {
                return counted(result, LockOps.found(result.getTxn(), 1));
            }
            Optional<KeyValue> present = LockOps.found(result.getTxn(), 0);
            if (present.isEmpty()) {
                throw notFound(id);
            }
            Seen now = Seen.of(present.get());
            if (now.latch.getRemaining() == 0) {
                return counted(result, present);
            }
            if (attempt == TRIES) {
                throw new StoreException(
                        ErrorCode.OVERLOADED,
                        "latch \"" + id.name() + "\": changed by others " + TRIES
                                + " times (expected: a quiet moment)");
            }
            return countDown(id, by, operation, now, attempt + 1);
        });
    }

    private CompletableFuture<CountDownResponse> counted(CommandResult result, Optional<KeyValue> present) {
        int remaining = present.map(
                        found -> GatherView.parse(found.getValue()).getLatch().getRemaining())
                .orElse(0);
        return CompletableFuture.completedFuture(CountDownResponse.newBuilder()
                .setHeader(parts.headers().at(result.getRevision()))
                .setRemaining(remaining)
                .build());
    }

    CompletableFuture<DeleteLatchResponse> delete(DeleteLatchRequest request) {
        LockId id = LockRequests.id(request.getNamespace(), request.getName());
        RecordCommand txn = RecordCommand.in(id.namespace())
                .operation(LockRequests.operation(request.hasOperation(), request.getOperation()))
                .then(LockOps.delete(BarrierCommands.latchKey(id.name())));
        return parts.records().commit(txn.build()).thenApply(result -> {
            if (result.getTxn().getResults(0).getDelete().getDeleted() == 0) {
                throw notFound(id);
            }
            return DeleteLatchResponse.newBuilder()
                    .setHeader(parts.headers().at(result.getRevision()))
                    .build();
        });
    }

    static StoreException notFound(LockId id) {
        return new StoreException(
                ErrorCode.LATCH_NOT_FOUND,
                "latch \"" + id.name() + "\" (expected: one that exists in namespace " + id.namespace() + ")");
    }
}
