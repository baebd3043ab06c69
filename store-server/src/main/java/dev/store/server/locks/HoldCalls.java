package dev.store.server.locks;

import com.google.protobuf.ByteString;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.ProclaimRequest;
import dev.store.api.v1.ProclaimResponse;
import dev.store.api.v1.ReadOptions;
import dev.store.api.v1.RenewLockRequest;
import dev.store.api.v1.RenewLockResponse;
import dev.store.api.v1.TxnResult;
import dev.store.api.v1.UnlockRequest;
import dev.store.api.v1.UnlockResponse;
import dev.store.raft.keyspace.LockGuards;
import dev.store.raft.keyspace.LockGuards.LockEntry;
import dev.store.raft.keyspace.LockQueue;
import dev.store.raft.keyspace.RecordKey;
import dev.store.raft.keyspace.Requests;
import dev.store.raft.v1.LockWaiterRecord;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What the holder of a lock may do with it. */
final class HoldCalls {
    private final LockParts parts;
    private final LockReads reads;

    HoldCalls(LockParts parts, LockReads reads) {
        this.parts = parts;
        this.reads = reads;
    }

    CompletableFuture<UnlockResponse> unlock(UnlockRequest request) {
        LockId id = LockRequests.id(request.getNamespace(), request.getName());
        String owner = LockRequests.owner(request.getOwner());
        Requests.leaseId(request.getLeaseId());
        long token = LockRequests.token(request.getToken());
        OperationId operation = LockRequests.operation(request.hasOperation(), request.getOperation());
        ByteString ownerKey = LockAsk.ownerKey(id.name(), request.getLeaseId(), owner);
        return reads.queueOf(id, token, ownerKey)
                // Also if there is no such entry: an earlier attempt of the same operation may have taken it out.
                .thenCompose(queue -> parts.records()
                        .commit(LockCommands.unlock(id, ownerKey, token, queue.orElse(LockQueue.EXCLUSIVE), operation)))
                .thenApply(result -> {
                    TxnResult txn = result.getTxn();
                    if (!txn.getSucceeded()) {
                        throw Heads.of(txn, 0).notHeld(id.name(), token);
                    }
                    endOwnLease(id, txn);
                    return UnlockResponse.newBuilder()
                            .setHeader(parts.headers().at(result.getRevision()))
                            .build();
                });
    }

    private void endOwnLease(LockId id, TxnResult unlocked) {
        for (KeyValue owner : unlocked.getResults(0).getDelete().getPreviousList()) {
            if (LockOps.owner(owner.getValue()).getOwnLease()) {
                // Nothing hangs on it any more; if this fails, it ends by itself.
                var unused = LockCall.endLease(parts, id.namespace(), owner.getLeaseId());
            }
        }
    }

    CompletableFuture<RenewLockResponse> renew(RenewLockRequest request) {
        LockId id = LockRequests.id(request.getNamespace(), request.getName());
        String owner = LockRequests.owner(request.getOwner());
        Requests.leaseId(request.getLeaseId());
        long token = LockRequests.token(request.getToken());
        return holding(id, token).thenCompose(found -> {
            LockEntry entry = found.filter(held -> held.keyRecord().leaseId() == request.getLeaseId()
                            && held.waiter().getOwner().equals(owner))
                    .orElseThrow(() -> LockGuards.notHeld(id.name(), token, found));
            return parts.replica()
                    .keepAlive(id.namespace(), List.of(entry.keyRecord().leaseId()))
                    .thenApply(reply -> {
                        long ttlMs = reply.getLeases(0).getTtlMs();
                        if (ttlMs == 0) {
                            throw LockGuards.notHeld(id.name(), token, Optional.empty());
                        }
                        return RenewLockResponse.newBuilder()
                                .setHeader(parts.headers().at(reply.getRevision()))
                                .setTtlMs(ttlMs)
                                .build();
                    });
        });
    }

    CompletableFuture<ProclaimResponse> proclaim(ProclaimRequest request) {
        LockId id = LockRequests.id(request.getNamespace(), request.getName());
        long token = LockRequests.token(request.getToken());
        LockRequests.value(request.getValue().size());
        OperationId operation = LockRequests.operation(request.hasOperation(), request.getOperation());
        return holding(id, token)
                // Also if it does not hold: an earlier attempt of the same operation may have taken effect before.
                .thenCompose(
                        found -> parts.records().commit(proclaim(id, token, found.orElse(null), request, operation)))
                .thenApply(result -> ProclaimResponse.newBuilder()
                        .setHeader(parts.headers().at(result.getRevision()))
                        .build());
    }

    private static dev.store.raft.v1.Command proclaim(
            LockId id,
            long token,
            @Nullable LockEntry entry,
            ProclaimRequest request,
            @Nullable OperationId operation) {
        LockWaiterRecord.Builder changed = LockWaiterRecord.newBuilder().setValue(request.getValue());
        LockQueue queue = LockQueue.EXCLUSIVE;
        if (entry != null) {
            changed.setOwner(entry.waiter().getOwner());
            queue = LockQueue.of(RecordKey.parts(entry.key(), 2).get(1));
        }
        return LockCommands.proclaim(id, token, queue, changed.build(), operation);
    }

    private CompletableFuture<Optional<LockEntry>> holding(LockId id, long token) {
        return parts.records()
                .reads()
                .brief(
                        ReadOptions.getDefaultInstance(),
                        view -> LockGuards.holding(view, id.namespace(), id.name(), token));
    }
}
