package dev.store.raft.keyspace;

import static dev.store.raft.keyspace.Commands.bytes;
import static dev.store.raft.keyspace.Commands.command;
import static dev.store.raft.keyspace.Commands.deleteOp;
import static dev.store.raft.keyspace.Commands.key;
import static dev.store.raft.keyspace.Commands.prefix;
import static dev.store.raft.keyspace.Commands.put;
import static dev.store.raft.keyspace.Commands.putOp;
import static dev.store.raft.keyspace.Commands.range;
import static dev.store.raft.keyspace.Commands.txn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.Put;
import dev.store.api.v1.PutResult;
import dev.store.api.v1.RangeResult;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnOp;
import dev.store.raft.storage.MemoryStore;
import dev.store.raft.v1.CommandResult;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Puts whose key ends with the revision of their transaction. */
class SequentialPutTest {
    private final TestKeyspace test = new TestKeyspace(new MemoryStore());

    @Test
    void keyEndsWithTheRevisionAndTheAnswerSaysIt() {
        test.apply(put("other", "1"));

        CommandResult result = test.apply(command(sequential("q/")));

        PutResult put = result.getPut();
        assertThat(put.getKey()).isEqualTo(RecordKey.numbered(bytes("q/"), result.getRevision()));
        RangeResult found = test.range(range(prefix("q/")));
        assertThat(found.getEntriesList()).extracting(KeyValue::getKey).containsExactly(put.getKey());
        assertThat(found.getEntries(0).getCreateRevision()).isEqualTo(RecordKey.number(put.getKey()));
    }

    @Test
    void keysOfOnePrefixSortAsTheyWerePut() {
        for (int i = 0; i < 300; i++) {
            test.apply(command(sequential("q/").setValue(bytes("v" + i))));
        }

        assertThat(test.range(range(prefix("q/"))).getEntriesList())
                .extracting(entry -> entry.getValue().toStringUtf8())
                .hasSize(300)
                .startsWith("v0", "v1", "v2")
                .endsWith("v298", "v299");
    }

    @Test
    void plainPutSaysNoKey() {
        assertThat(test.apply(put("a", "1")).getPut().getKey()).isEmpty();
    }

    @Test
    void twoPrefixesInOneTransactionGetTheSameNumber() {
        CommandResult result =
                test.apply(txn(Txn.newBuilder().addThen(op(sequential("a"))).addThen(op(sequential("b")))));

        assertThat(result.getTxn().getResultsList())
                .extracting(put -> RecordKey.number(put.getPut().getKey()))
                .containsExactly(result.getRevision(), result.getRevision());
    }

    @Test
    void numberCountsForTheLongestKey() {
        int longest = Limits.KEY_BYTES - Long.BYTES;
        assertThatCode(() -> Requests.put(sequential("k".repeat(longest)).build()))
                .doesNotThrowAnyException();
        refused(
                () -> Requests.put(sequential("k".repeat(longest + 1)).build()),
                ErrorCode.TOO_LARGE,
                "key: 4089 bytes (expected: at most 4088 together with append_revision)");
    }

    @Test
    void newKeyHasNothingToKeep() {
        refused(
                () -> Requests.put(sequential("k").setKeepValue(true).build()),
                ErrorCode.INVALID_ARGUMENT,
                "append_revision: true");
        refused(
                () -> Requests.put(sequential("k").setKeepLease(true).build()),
                ErrorCode.INVALID_ARGUMENT,
                "append_revision: true");
    }

    @Test
    void branchMayNotChangeWhatASequentialPutMayBecome() {
        String mayBe = "q" + "12345678";
        duplicate(op(sequential("q")), op(sequential("q")));
        duplicate(op(sequential("q")), putOp(mayBe, "1"));
        duplicate(putOp(mayBe, "1"), op(sequential("q")));
        duplicate(op(sequential("q")), deleteOp(prefix("q")));
        duplicate(deleteOp(prefix("")), op(sequential("q")));
        duplicate(op(sequential("q")), nested(op(sequential("q"))));
        duplicate(nested(putOp(mayBe, "1")), op(sequential("q")));
    }

    @Test
    void branchMayChangeWhatIsSurelyAnotherKey() {
        accepted(op(sequential("q")), op(sequential("qq")));
        accepted(op(sequential("q")), putOp("q", "1"));
        accepted(op(sequential("q")), putOp("q1234567", "1"));
        accepted(op(sequential("q")), deleteOp(key("q")));
        accepted(op(sequential("q")), deleteOp(prefix("r")));
        // Only one of the two branches of a nested transaction is applied.
        accepted(TxnOp.newBuilder()
                .setTxn(Txn.newBuilder().addThen(op(sequential("q"))).addOtherwise(op(sequential("q"))))
                .build());
    }

    private static void duplicate(TxnOp... ops) {
        refused(() -> TxnRequests.check(branch(ops)), ErrorCode.DUPLICATE_KEY, "is changed twice");
    }

    private static void accepted(TxnOp... ops) {
        assertThatCode(() -> TxnRequests.check(branch(ops))).doesNotThrowAnyException();
    }

    private static void refused(ThrowingCallable call, ErrorCode code, String message) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StoreException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e).hasMessageContaining(message);
        });
    }

    private static Txn branch(TxnOp... ops) {
        return Txn.newBuilder().addAllThen(java.util.List.of(ops)).build();
    }

    private static TxnOp nested(TxnOp op) {
        return TxnOp.newBuilder().setTxn(Txn.newBuilder().addThen(op)).build();
    }

    private static TxnOp op(Put.Builder put) {
        return TxnOp.newBuilder().setPut(put).build();
    }

    private static Put.Builder sequential(String prefix) {
        return Put.newBuilder().setKey(ByteString.copyFromUtf8(prefix)).setAppendRevision(true);
    }
}
