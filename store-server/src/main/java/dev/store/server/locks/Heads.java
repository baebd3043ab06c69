package dev.store.server.locks;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.TxnOp;
import dev.store.api.v1.TxnResult;
import dev.store.raft.keyspace.LockQueue;
import dev.store.raft.keyspace.RecordKey;
import dev.store.raft.v1.LockWaiterRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The first entries of the queues of a lock, as a transaction has read them.
 *
 * @param exclusive first exclusive one
 * @param shared first shared one
 * @param permit first one of a semaphore
 */
record Heads(Optional<KeyValue> exclusive, Optional<KeyValue> shared, Optional<KeyValue> permit) {
    /** The reads, in the order in which {@link #of} expects their results. */
    static List<TxnOp> reads(String name) {
        return List.of(
                LockOps.readFirst(LockQueue.EXCLUSIVE.prefix(name)),
                LockOps.readFirst(LockQueue.SHARED.prefix(name)),
                LockOps.readFirst(LockQueue.semaphorePrefix(name)));
    }

    /** From the results of {@link #reads}, of which the first stands at a place. */
    static Heads of(TxnResult result, int place) {
        return new Heads(
                LockOps.found(result, place), LockOps.found(result, place + 1), LockOps.found(result, place + 2));
    }

    /** The one that has held the lock longest. */
    Optional<KeyValue> holder() {
        if (exclusive.isPresent() && shared.isPresent()) {
            return token(exclusive.get()) < token(shared.get()) ? exclusive : shared;
        }
        return exclusive.or(() -> shared).or(() -> permit);
    }

    /** What the lock is in use as, if that is something else than wanted. */
    Optional<LockQueue> conflict(LockQueue wanted) {
        Optional<LockQueue> present = holder().map(Heads::queue);
        return present.filter(
                        queue -> wanted.kind() == LockQueue.Kind.SEMAPHORE || queue.kind() == LockQueue.Kind.SEMAPHORE)
                .filter(queue -> !queue.equals(wanted));
    }

    private static LockQueue queue(KeyValue entry) {
        return LockQueue.of(RecordKey.parts(entry.getKey(), 2).get(1));
    }

    static long token(KeyValue entry) {
        return RecordKey.number(entry.getKey());
    }

    /** What errors tell programs of the holder. */
    Map<String, String> details() {
        return holder().map(entry -> Map.of(
                        "holder_token", Long.toString(token(entry)),
                        "holder_owner", owner(entry),
                        "holder_lease_id", Long.toString(entry.getLeaseId())))
                .orElse(Map.of());
    }

    StoreException notHeld(String name, long token) {
        return new StoreException(
                ErrorCode.LOCK_NOT_HELD,
                "token: " + token + " is not in the queue of lock \"" + name
                        + "\" under this lease and owner (expected: the token of the grant; " + heldBy() + ")",
                details(),
                null);
    }

    StoreException notInTime(String name, long waitMs) {
        return new StoreException(
                ErrorCode.WAIT_TIMEOUT,
                "lock \"" + name + "\" was not granted within " + waitMs + " ms (" + heldBy() + ")",
                details(),
                null);
    }

    private String heldBy() {
        return holder().map(entry -> "it is held by \"" + owner(entry) + "\" under token " + token(entry))
                .orElse("nobody holds it");
    }

    private static String owner(KeyValue entry) {
        try {
            return LockWaiterRecord.parseFrom(entry.getValue()).getOwner();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("record of a lock: not readable", e);
        }
    }
}
