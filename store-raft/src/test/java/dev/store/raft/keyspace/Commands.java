package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import dev.store.api.v1.Compare;
import dev.store.api.v1.Delete;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.KeySpan;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.Put;
import dev.store.api.v1.Range;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnOp;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.Compact;
import dev.store.raft.v1.GrantLease;
import dev.store.raft.v1.RevokeLease;

/** Short ways to say commands in tests. */
final class Commands {
    private Commands() {}

    static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    static ByteString scoped(String key) {
        return ScopedKey.of("", bytes(key));
    }

    static Command put(String key, String value) {
        return command(Put.newBuilder().setKey(bytes(key)).setValue(bytes(value)));
    }

    static Command put(String key, String value, long lease) {
        return command(
                Put.newBuilder().setKey(bytes(key)).setValue(bytes(value)).setLeaseId(lease));
    }

    static Command command(Put.Builder put) {
        return Command.newBuilder().setPut(put).build();
    }

    static Command delete(KeySelector keys) {
        return Command.newBuilder()
                .setDelete(Delete.newBuilder().setKeys(keys).setReturnPrevious(true))
                .build();
    }

    static Command txn(Txn.Builder txn) {
        return Command.newBuilder().setTxn(txn).build();
    }

    static Command compact(long revision) {
        return Command.newBuilder()
                .setCompact(Compact.newBuilder().setRevision(revision))
                .build();
    }

    static Command grant(long id, long ttlMs) {
        return Command.newBuilder()
                .setGrantLease(GrantLease.newBuilder().setLeaseId(id).setTtlMs(ttlMs))
                .build();
    }

    static Command revoke(long id) {
        return Command.newBuilder()
                .setRevokeLease(RevokeLease.newBuilder().setLeaseId(id))
                .build();
    }

    static Command as(long client, long sequence, Command command) {
        return command.toBuilder()
                .setOperation(OperationId.newBuilder().setClientId(client).setSequence(sequence))
                .build();
    }

    static KeySelector key(String key) {
        return KeySelector.newBuilder().setKey(bytes(key)).build();
    }

    static KeySelector prefix(String prefix) {
        return KeySelector.newBuilder().setPrefix(bytes(prefix)).build();
    }

    static KeySelector span(String start, String end) {
        return KeySelector.newBuilder()
                .setSpan(KeySpan.newBuilder().setStart(bytes(start)).setEnd(bytes(end)))
                .build();
    }

    static Range.Builder range(KeySelector keys) {
        return Range.newBuilder().setKeys(keys);
    }

    static TxnOp putOp(String key, String value) {
        return TxnOp.newBuilder()
                .setPut(Put.newBuilder().setKey(bytes(key)).setValue(bytes(value)))
                .build();
    }

    static TxnOp deleteOp(KeySelector keys) {
        return TxnOp.newBuilder().setDelete(Delete.newBuilder().setKeys(keys)).build();
    }

    static TxnOp rangeOp(KeySelector keys) {
        return TxnOp.newBuilder().setRange(range(keys)).build();
    }

    static Compare.Builder compare(KeySelector keys) {
        return Compare.newBuilder().setKeys(keys);
    }
}
