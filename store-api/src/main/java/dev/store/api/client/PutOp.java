package dev.store.api.client;

import dev.store.api.v1.LockGuard;
import dev.store.api.v1.Put;
import java.util.Objects;

/** A put of one key. Made by {@link Op#put}; immutable. */
public final class PutOp implements Op {
    private final Put put;

    private PutOp(Put put) {
        this.put = put;
    }

    static PutOp of(Bytes key, Bytes value) {
        return new PutOp(Put.newBuilder()
                .setKey(key.toByteString())
                .setValue(value.toByteString())
                .build());
    }

    /** Attaches the key to a lease, with which it ends; 0 detaches it, which is the default. */
    public PutOp lease(long leaseId) {
        return new PutOp(put.toBuilder().setLeaseId(leaseId).build());
    }

    /** Also answers with the entry as it was before. */
    public PutOp returnPrevious() {
        return new PutOp(put.toBuilder().setReturnPrevious(true).build());
    }

    /** Keeps the present value, which must be given as {@link Bytes#EMPTY}, and changes only the lease. */
    public PutOp keepValue() {
        return new PutOp(put.toBuilder().setKeepValue(true).build());
    }

    /** Keeps the present lease and changes only the value. */
    public PutOp keepLease() {
        return new PutOp(put.toBuilder().setKeepLease(true).build());
    }

    /**
     * Appends the revision of the transaction to the key, as 8 bytes, most significant first: keys of one prefix then sort in
     * the order in which they were put. The answer has the whole key.
     */
    public PutOp sequential() {
        return new PutOp(put.toBuilder().setAppendRevision(true).build());
    }

    /** Demands that a lock is still held under this token; else LOCK_NOT_HELD, and nothing is changed. At most 16. */
    public PutOp requireLock(String name, long token) {
        return new PutOp(put.toBuilder()
                .addRequiredLocks(LockGuard.newBuilder().setName(name).setToken(token))
                .build());
    }

    Put toProto() {
        return put;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PutOp that && put.equals(that.put);
    }

    @Override
    public int hashCode() {
        return Objects.hash(put);
    }

    @Override
    public String toString() {
        return "put " + Bytes.of(put.getKey());
    }
}
