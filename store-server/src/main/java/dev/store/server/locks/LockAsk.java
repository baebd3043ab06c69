package dev.store.server.locks;

import com.google.protobuf.ByteString;
import dev.store.api.v1.OperationId;
import dev.store.raft.keyspace.LockQueue;
import dev.store.raft.keyspace.RecordKey;
import dev.store.raft.keyspace.RecordKind;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks of a lock.
 *
 * @param queue the queue to stand in
 * @param leaseId lease of the entry
 * @param ttlMs if not 0, the lease is granted with this time to live together with the entry
 * @param waitMs longest wait; 0 tries once
 * @param value what the holder shows
 * @param call a random number of this call
 */
record LockAsk(
        LockId lock,
        String owner,
        LockQueue queue,
        long leaseId,
        long ttlMs,
        long waitMs,
        ByteString value,
        @Nullable OperationId operation,
        long call) {

    /** Whether the lease is granted together with the entry, and ends with it. */
    boolean ownLease() {
        return ttlMs != 0;
    }

    ByteString ownerKey() {
        return ownerKey(lock.name(), leaseId, owner);
    }

    static ByteString ownerKey(String name, long leaseId, String owner) {
        return RecordKey.of(RecordKind.LOCK_OWNER, name, Long.toHexString(leaseId), owner);
    }
}
