package dev.store.server.locks;

import com.google.protobuf.ByteString;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.Range;
import dev.store.api.v1.TxnResult;
import dev.store.raft.keyspace.KeyRange;
import dev.store.raft.keyspace.LockQueue;
import dev.store.raft.keyspace.RecordKey;
import dev.store.raft.keyspace.RecordKind;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.LockOwnerRecord;
import dev.store.raft.v1.LockWaiterRecord;
import dev.store.server.records.RecordCommand;
import java.util.Optional;

/** The transactions of locks, each one command. */
final class LockCommands {
    /** Up to so many permits the answer to entering says whether one was free. */
    private static final int COUNTED_PERMITS = 64;

    private LockCommands() {}

    /**
     * Enters the queue, unless the owner stands in it, it is in use as something else, or (to try once) would not serve at
     * once. Results of {@code then}: owner, entry, owner record, heads that decide; of {@code otherwise}: owner record,
     * {@link Heads}.
     */
    static Command enter(LockAsk ask) {
        String name = ask.lock().name();
        LockQueue queue = ask.queue();
        RecordCommand txn = RecordCommand.in(ask.lock().namespace()).operation(ask.operation());
        if (ask.ownLease()) {
            txn.grant(ask.leaseId(), ask.ttlMs());
        }
        txn.whenMissing(LockOps.key(ask.ownerKey()));
        otherUse(txn, name, queue);
        if (ask.waitMs() == 0) {
            nobodyBefore(txn, name, queue);
        }
        txn.then(LockOps.put(ask.ownerKey(), ownerRecord(ask), ask.leaseId()))
                .then(LockOps.append(
                        queue.prefix(name),
                        LockWaiterRecord.newBuilder()
                                .setOwner(ask.owner())
                                .setValue(ask.value())
                                .build(),
                        ask.leaseId()))
                .then(LockOps.read(ask.ownerKey()));
        if (queue.kind() == LockQueue.Kind.SEMAPHORE) {
            txn.then(LockOps.range(Range.newBuilder()
                    .setKeys(LockOps.prefix(queue.prefix(name)))
                    .setLimit(Math.min(queue.permits(), COUNTED_PERMITS))
                    .setKeysOnly(true)));
        } else {
            txn.then(LockOps.readFirst(LockQueue.EXCLUSIVE.prefix(name)))
                    .then(LockOps.readFirst(LockQueue.SHARED.prefix(name)));
        }
        txn.otherwise(LockOps.read(ask.ownerKey()));
        Heads.reads(name).forEach(txn::otherwise);
        return txn.build();
    }

    /** Demands that nobody uses the name as something else. */
    private static void otherUse(RecordCommand txn, String name, LockQueue queue) {
        ByteString semaphores = LockQueue.semaphorePrefix(name);
        if (queue.kind() != LockQueue.Kind.SEMAPHORE) {
            txn.whenMissing(LockOps.prefix(semaphores));
            return;
        }
        ByteString mine = queue.prefix(name);
        txn.whenMissing(LockOps.prefix(LockQueue.EXCLUSIVE.prefix(name)))
                .whenMissing(LockOps.prefix(LockQueue.SHARED.prefix(name)))
                .whenMissing(LockOps.span(semaphores, mine))
                .whenMissing(LockOps.span(KeyRange.successor(mine), KeyRange.successor(semaphores)));
    }

    private static void nobodyBefore(RecordCommand txn, String name, LockQueue queue) {
        // The permits of a semaphore cannot be counted by a compare: such a try looks before, and takes its place back.
        if (queue.kind() != LockQueue.Kind.SEMAPHORE) {
            txn.whenMissing(LockOps.prefix(LockQueue.EXCLUSIVE.prefix(name)));
            if (queue.kind() == LockQueue.Kind.EXCLUSIVE) {
                txn.whenMissing(LockOps.prefix(LockQueue.SHARED.prefix(name)));
            }
        }
    }

    private static LockOwnerRecord ownerRecord(LockAsk ask) {
        return LockOwnerRecord.newBuilder()
                .setQueue(ask.queue().part())
                .setCall(ask.call())
                .setOwnLease(ask.ownLease())
                .build();
    }

    /** Token of the entry that {@link #enter} made. */
    static long token(TxnResult entered) {
        return RecordKey.number(entered.getResults(1).getPut().getKey());
    }

    /** Whether the entry that {@link #enter} made was served at once; false if that is not known. */
    static boolean served(LockAsk ask, TxnResult entered) {
        long token = token(entered);
        return switch (ask.queue().kind()) {
            case EXCLUSIVE -> isFirst(LockOps.found(entered, 3), token) && isFirst(LockOps.found(entered, 4), token);
            case SHARED -> isFirst(LockOps.found(entered, 3), token);
            case SEMAPHORE ->
                entered.getResults(3).getRange().getEntriesList().stream()
                        .anyMatch(entry -> Heads.token(entry) == token);
        };
    }

    private static boolean isFirst(Optional<KeyValue> head, long token) {
        return head.isEmpty() || Heads.token(head.get()) >= token;
    }

    /** Lets a call speak for an entry that another one made. Result of {@code otherwise}: owner record. */
    static Command attach(LockAsk ask, KeyValue owner) {
        return RecordCommand.in(ask.lock().namespace())
                .operation(null)
                .whenModifiedAt(ask.ownerKey(), owner.getModRevision())
                .then(LockOps.change(
                        ask.ownerKey(),
                        LockOps.owner(owner.getValue()).toBuilder()
                                .setCall(ask.call())
                                .build()))
                .otherwise(LockOps.read(ask.ownerKey()))
                .build();
    }

    /** Takes an entry out if the call still speaks for it. */
    static Command withdraw(LockAsk ask, long token, long ownerRevision) {
        return RecordCommand.in(ask.lock().namespace())
                .operation(null)
                .whenModifiedAt(ask.ownerKey(), ownerRevision)
                .then(LockOps.delete(ask.ownerKey()))
                .then(LockOps.delete(ask.queue().key(ask.lock().name(), token)))
                .build();
    }

    /** Takes an entry out by token. Results of {@code then}: owner, entry; of {@code otherwise}: {@link Heads}. */
    static Command unlock(
            LockId lock,
            ByteString ownerKey,
            long token,
            LockQueue queue,
            @org.jspecify.annotations.Nullable OperationId operation) {
        RecordCommand txn = RecordCommand.in(lock.namespace())
                .operation(operation)
                .whenCreatedAt(ownerKey, token)
                .then(LockOps.delete(ownerKey))
                .then(LockOps.delete(queue.key(lock.name(), token)));
        Heads.reads(lock.name()).forEach(txn::otherwise);
        return txn.build();
    }

    /** Changes the value of an entry that holds. */
    static Command proclaim(
            LockId lock,
            long token,
            LockQueue queue,
            LockWaiterRecord changed,
            @org.jspecify.annotations.Nullable OperationId operation) {
        RecordCommand txn = RecordCommand.in(lock.namespace())
                .operation(operation)
                .then(LockOps.change(queue.key(lock.name(), token), changed));
        txn.requireLock(lock.name(), token);
        return txn.build();
    }

    /** The keys of everything that stands in the queue of a lock. */
    static ByteString everyone(String name) {
        return RecordKey.of(RecordKind.LOCK_WAITER, name);
    }
}
