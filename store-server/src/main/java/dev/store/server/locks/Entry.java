package dev.store.server.locks;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.store.api.v1.LockHolder;
import dev.store.api.v1.LockMode;
import dev.store.api.v1.LockWaiter;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.LockQueue;
import dev.store.raft.keyspace.RecordKey;
import dev.store.raft.v1.LockWaiterRecord;

/**
 * An entry in the queue of a lock.
 *
 * @param token its fencing token
 * @param queue which of the lock's queues it is in
 * @param leaseId lease that it ends with
 * @param sinceMs leader's time at which it was made, ms since 1970
 * @param revision revision of its last change
 */
record Entry(long token, LockQueue queue, String owner, long leaseId, ByteString value, long sinceMs, long revision) {

    /** Reads the record of an entry. */
    static Entry of(ByteString key, KeyRecord stored) {
        LockWaiterRecord waiter;
        try {
            waiter = LockWaiterRecord.parseFrom(stored.value());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("record of a lock: not readable", e);
        }
        return new Entry(
                RecordKey.number(key),
                LockQueue.of(RecordKey.parts(key, 2).get(1)),
                waiter.getOwner(),
                stored.leaseId(),
                waiter.getValue(),
                stored.createdAtMs(),
                stored.modRevision());
    }

    /** What is shown of it while it holds. */
    LockHolder holder() {
        return LockHolder.newBuilder()
                .setOwner(owner)
                .setLeaseId(leaseId)
                .setMode(mode())
                .setToken(token)
                .setValue(value)
                .setSinceMs(sinceMs)
                .setValueRevision(revision)
                .build();
    }

    /** What is shown of it while it waits. */
    LockWaiter waiter() {
        return LockWaiter.newBuilder()
                .setOwner(owner)
                .setLeaseId(leaseId)
                .setMode(mode())
                .setSinceMs(sinceMs)
                .build();
    }

    private LockMode mode() {
        return switch (queue.kind()) {
            case EXCLUSIVE -> LockMode.LOCK_MODE_EXCLUSIVE;
            case SHARED -> LockMode.LOCK_MODE_SHARED;
            case SEMAPHORE -> LockMode.LOCK_MODE_PERMIT;
        };
    }
}
