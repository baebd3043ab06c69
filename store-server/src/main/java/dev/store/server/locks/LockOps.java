package dev.store.server.locks;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.store.api.v1.Delete;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.KeySpan;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.Put;
import dev.store.api.v1.Range;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnOp;
import dev.store.api.v1.TxnOpResult;
import dev.store.api.v1.TxnResult;
import dev.store.raft.v1.LockOwnerRecord;
import java.util.List;
import java.util.Optional;

/** The operations that transactions over the records of locks are made of, and what their results hold. */
final class LockOps {
    private LockOps() {}

    static TxnOp put(ByteString key, MessageLite value, long leaseId) {
        return op(Put.newBuilder().setKey(key).setValue(value.toByteString()).setLeaseId(leaseId));
    }

    static TxnOp append(ByteString prefix, MessageLite value, long leaseId) {
        return op(Put.newBuilder()
                .setKey(prefix)
                .setValue(value.toByteString())
                .setLeaseId(leaseId)
                .setAppendRevision(true));
    }

    /** A put of a record that exists, which stays on its lease. */
    static TxnOp change(ByteString key, MessageLite value) {
        return op(Put.newBuilder().setKey(key).setValue(value.toByteString()).setKeepLease(true));
    }

    private static TxnOp op(Put.Builder put) {
        return TxnOp.newBuilder().setPut(put).build();
    }

    static TxnOp delete(ByteString key) {
        return TxnOp.newBuilder()
                .setDelete(Delete.newBuilder().setKeys(key(key)).setReturnPrevious(true))
                .build();
    }

    static TxnOp nested(Txn.Builder txn) {
        return TxnOp.newBuilder().setTxn(txn).build();
    }

    static TxnOp read(ByteString key) {
        return range(Range.newBuilder().setKeys(key(key)));
    }

    static TxnOp readFirst(ByteString prefix) {
        return range(Range.newBuilder().setKeys(prefix(prefix)).setLimit(1));
    }

    static TxnOp range(Range.Builder range) {
        return TxnOp.newBuilder().setRange(range).build();
    }

    static KeySelector key(ByteString key) {
        return KeySelector.newBuilder().setKey(key).build();
    }

    static KeySelector prefix(ByteString prefix) {
        return KeySelector.newBuilder().setPrefix(prefix).build();
    }

    static KeySelector span(ByteString start, ByteString end) {
        return KeySelector.newBuilder()
                .setSpan(KeySpan.newBuilder().setStart(start).setEnd(end))
                .build();
    }

    /** The first entry that a range of a result found. */
    static Optional<KeyValue> found(TxnResult result, int place) {
        TxnOpResult op = result.getResults(place);
        List<KeyValue> entries = op.getRange().getEntriesList();
        return entries.isEmpty() ? Optional.empty() : Optional.of(entries.get(0));
    }

    static LockOwnerRecord owner(ByteString value) {
        try {
            return LockOwnerRecord.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("record of an owner: not readable", e);
        }
    }
}
