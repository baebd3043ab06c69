package dev.store.server.records;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.store.api.v1.Compare;
import dev.store.api.v1.Delete;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.KeySpan;
import dev.store.api.v1.LockGuard;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.Put;
import dev.store.api.v1.Range;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnOp;
import dev.store.raft.v1.Area;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.GrantLease;
import org.jspecify.annotations.Nullable;

/** Builds one transaction over the records of one namespace. */
public final class RecordCommand {
    private final Command.Builder command;
    private final Txn.Builder txn = Txn.newBuilder();

    private RecordCommand(Command.Builder command) {
        this.command = command;
    }

    /** Begins a transaction in a namespace that was checked. */
    public static RecordCommand in(String namespace) {
        return new RecordCommand(Command.newBuilder().setNamespace(namespace).setArea(Area.AREA_RECORDS));
    }

    /**
     * Makes a retry safe. An attempt that changes nothing is not remembered, so that the same operation may be tried with
     * another transaction; at most one of them takes effect.
     *
     * @param operation null if the caller named none
     */
    public RecordCommand operation(@Nullable OperationId operation) {
        if (operation != null) {
            command.setOperation(operation).setForgetWithoutEffect(true);
        }
        return this;
    }

    /** Grants a lease if the transaction takes effect. */
    public RecordCommand grant(long leaseId, long ttlMs) {
        command.addGrants(GrantLease.newBuilder().setLeaseId(leaseId).setTtlMs(ttlMs));
        return this;
    }

    /** Ends a lease, if it exists, once the transaction has taken effect. */
    public RecordCommand revoke(long leaseId) {
        command.addRevokes(leaseId);
        return this;
    }

    /** Demands that no record has a key that starts with these bytes. */
    public RecordCommand whenNoneStartsWith(ByteString prefix) {
        return whenMissing(KeySelector.newBuilder().setPrefix(prefix).build());
    }

    /** Demands that none of these records exists. */
    public RecordCommand whenMissing(KeySelector keys) {
        txn.addCompares(Compare.newBuilder()
                .setKeys(keys)
                .setOperator(Compare.Operator.OPERATOR_EQUAL)
                .setExists(false));
        return this;
    }

    /** Demands that a lock is held under a token; else the command fails with {@code LOCK_NOT_HELD}. */
    public RecordCommand requireLock(String name, long token) {
        txn.addRequiredLocks(LockGuard.newBuilder().setName(name).setToken(token));
        return this;
    }

    /** Demands that a record does not exist. */
    public RecordCommand whenMissing(ByteString key) {
        return whenMissing(one(key));
    }

    /** Demands that a record exists. */
    public RecordCommand whenPresent(ByteString key) {
        return when(key, compare -> compare.setExists(true));
    }

    /** Demands that a record was last put at a revision; 0 means that it does not exist. */
    public RecordCommand whenModifiedAt(ByteString key, long revision) {
        return when(key, compare -> compare.setModRevision(revision));
    }

    /** Demands that a record was created at a revision; 0 means that it does not exist. */
    public RecordCommand whenCreatedAt(ByteString key, long revision) {
        return when(key, compare -> compare.setCreateRevision(revision));
    }

    /** Demands that no record whose key starts with these bytes was put after a revision. */
    public RecordCommand whenNonePutAfter(ByteString prefix, long revision) {
        txn.addCompares(Compare.newBuilder()
                .setKeys(KeySelector.newBuilder().setPrefix(prefix))
                .setOperator(Compare.Operator.OPERATOR_LESS_OR_EQUAL)
                .setModRevision(revision));
        return this;
    }

    private RecordCommand when(ByteString key, java.util.function.UnaryOperator<Compare.Builder> target) {
        txn.addCompares(
                target.apply(Compare.newBuilder().setKeys(one(key)).setOperator(Compare.Operator.OPERATOR_EQUAL)));
        return this;
    }

    /** Puts a record. */
    public RecordCommand put(ByteString key, MessageLite value) {
        return put(key, value, 0);
    }

    /** Puts a record that ends with a lease. */
    public RecordCommand put(ByteString key, MessageLite value, long leaseId) {
        txn.addThen(TxnOp.newBuilder()
                .setPut(Put.newBuilder()
                        .setKey(key)
                        .setValue(value.toByteString())
                        .setLeaseId(leaseId)));
        return this;
    }

    /** Puts a record unless it exists. */
    public RecordCommand putIfMissing(ByteString key, MessageLite value) {
        txn.addThen(TxnOp.newBuilder()
                .setTxn(Txn.newBuilder()
                        .addCompares(exists(key, false))
                        .addThen(TxnOp.newBuilder()
                                .setPut(Put.newBuilder().setKey(key).setValue(value.toByteString())))));
        return this;
    }

    /** Puts a record again as it is, if it exists, so that its revision tells of the transaction. */
    public RecordCommand touch(ByteString key) {
        txn.addThen(TxnOp.newBuilder()
                .setTxn(Txn.newBuilder()
                        .addCompares(exists(key, true))
                        .addThen(TxnOp.newBuilder()
                                .setPut(Put.newBuilder().setKey(key).setKeepValue(true)))));
        return this;
    }

    private static Compare exists(ByteString key, boolean exists) {
        return Compare.newBuilder()
                .setKeys(one(key))
                .setOperator(Compare.Operator.OPERATOR_EQUAL)
                .setExists(exists)
                .build();
    }

    /** Puts a record; the result holds the one before. */
    public RecordCommand putReturningPrevious(ByteString key, MessageLite value) {
        txn.addThen(TxnOp.newBuilder()
                .setPut(Put.newBuilder()
                        .setKey(key)
                        .setValue(value.toByteString())
                        .setReturnPrevious(true)));
        return this;
    }

    /** Deletes the records whose keys are between, the end excluded. */
    public RecordCommand deleteBetween(ByteString start, ByteString end) {
        txn.addThen(TxnOp.newBuilder()
                .setDelete(Delete.newBuilder()
                        .setKeys(KeySelector.newBuilder()
                                .setSpan(KeySpan.newBuilder().setStart(start).setEnd(end)))));
        return this;
    }

    /** Reads a record as the transaction leaves it. */
    public RecordCommand thenRead(ByteString key) {
        txn.addThen(TxnOp.newBuilder().setRange(Range.newBuilder().setKeys(one(key))));
        return this;
    }

    /** Deletes a record if it exists. */
    public RecordCommand delete(ByteString key) {
        txn.addThen(TxnOp.newBuilder().setDelete(Delete.newBuilder().setKeys(one(key))));
        return this;
    }

    /** Deletes all records whose keys start with these bytes. */
    public RecordCommand deleteAll(ByteString prefix) {
        txn.addThen(TxnOp.newBuilder()
                .setDelete(Delete.newBuilder().setKeys(KeySelector.newBuilder().setPrefix(prefix))));
        return this;
    }

    /** Does something else besides. */
    public RecordCommand then(TxnOp operation) {
        txn.addThen(operation);
        return this;
    }

    /** Does something if the demands do not hold, such as a read that says why. */
    public RecordCommand otherwise(TxnOp operation) {
        txn.addOtherwise(operation);
        return this;
    }

    /** The command; {@code txn.succeeded} of its result says whether the demands held. */
    public Command build() {
        return command.setTxn(txn).build();
    }

    private static KeySelector one(ByteString key) {
        return KeySelector.newBuilder().setKey(key).build();
    }
}
