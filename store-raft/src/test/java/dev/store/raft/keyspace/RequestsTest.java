package dev.store.raft.keyspace;

import static dev.store.raft.keyspace.Commands.bytes;
import static dev.store.raft.keyspace.Commands.compare;
import static dev.store.raft.keyspace.Commands.deleteOp;
import static dev.store.raft.keyspace.Commands.key;
import static dev.store.raft.keyspace.Commands.prefix;
import static dev.store.raft.keyspace.Commands.putOp;
import static dev.store.raft.keyspace.Commands.range;
import static dev.store.raft.keyspace.Commands.rangeOp;
import static dev.store.raft.keyspace.Commands.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.Compare;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.Put;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnOp;
import dev.store.api.v1.WatchCreate;
import java.util.List;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RequestsTest {
    private static ByteString ofSize(int size) {
        return ByteString.copyFrom(new byte[size]);
    }

    private static void refused(ThrowingCallable call, ErrorCode code, String message) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StoreException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e).hasMessageContaining(message);
        });
    }

    private static void invalid(ThrowingCallable call, String message) {
        refused(call, ErrorCode.INVALID_ARGUMENT, message);
    }

    private static void accepted(ThrowingCallable call) {
        assertThatCode(call).doesNotThrowAnyException();
    }

    @Test
    void aKeyHasOneByteToFourKibibytes() {
        accepted(() -> Requests.key("", ofSize(1)));
        accepted(() -> Requests.key("", ofSize(Limits.KEY_BYTES)));
        invalid(() -> Requests.key("", ByteString.EMPTY), "key: empty");
        refused(() -> Requests.key("", ofSize(Limits.KEY_BYTES + 1)), ErrorCode.TOO_LARGE, "key: 4097 bytes");
    }

    @Test
    void aValueHasAtMostOneMebibyte() {
        accepted(() -> Requests.put(put().setValue(ofSize(Limits.VALUE_BYTES)).build()));
        refused(
                () -> Requests.put(
                        put().setValue(ofSize(Limits.VALUE_BYTES + 1)).build()),
                ErrorCode.TOO_LARGE,
                "value: 1048577 bytes");
    }

    private static Put.Builder put() {
        return Put.newBuilder().setKey(bytes("a"));
    }

    @Test
    void aPutDoesNotContradictItself() {
        invalid(() -> Requests.put(put().setKeepValue(true).setValue(bytes("x")).build()), "value: 1 bytes");
        invalid(() -> Requests.put(put().setKeepLease(true).setLeaseId(3).build()), "lease_id: 3");
        invalid(() -> Requests.put(put().setKeepLease(true).setKeepValue(true).build()), "keep_value: true");
        invalid(() -> Requests.put(put().setLeaseId(-1).build()), "lease_id: -1");
    }

    @Test
    void aNamespaceHasAName() {
        assertThat(Requests.namespace("")).isEqualTo("default");
        accepted(() -> Requests.namespace("a".repeat(Limits.NAME_CHARACTERS)));
        invalid(() -> Requests.namespace("a".repeat(Limits.NAME_CHARACTERS + 1)), "namespace: ");
        for (String bad : List.of("-a", "A", "a b", "a/b", "a\nb", "ü")) {
            invalid(() -> Requests.namespace(bad), "namespace: ");
        }
    }

    @Test
    void anErrorMessageCannotForgeALogLine() {
        assertThatThrownBy(() -> Requests.namespace("a\nERROR all is lost\u001b[2J"))
                .hasMessageNotContaining("\n")
                .hasMessageNotContaining("\u001b");
    }

    @Test
    void keysAreSelectedByExactlyOneKind() {
        invalid(() -> Requests.range("", KeySelector.getDefaultInstance()), "keys: not set");
        invalid(() -> Requests.range("", key("")), "key: empty");
        invalid(() -> Requests.range("", span("b", "a")), "span.start: \"b\"");
        invalid(() -> Requests.range("", span("a", "a")), "span.start: \"a\"");
        accepted(() -> Requests.range("", span("", "")));
        accepted(() -> Requests.range("", prefix("")));
        refused(
                () -> Requests.range(
                        "",
                        KeySelector.newBuilder()
                                .setPrefix(ofSize(Limits.KEY_BYTES + 1))
                                .build()),
                ErrorCode.TOO_LARGE,
                "prefix: 4097 bytes");
    }

    @Test
    void aPageHasLimits() {
        accepted(() -> Requests.range(range(prefix(""))
                .setLimit(Limits.PAGE_ENTRIES)
                .setMaxBytes(Limits.PAGE_BYTES)
                .build()));
        invalid(() -> Requests.range(range(prefix("")).setLimit(10_001).build()), "limit: 10001");
        invalid(() -> Requests.range(range(prefix("")).setLimit(-1).build()), "limit: -1");
        invalid(
                () -> Requests.range(
                        range(prefix("")).setMaxBytes(Limits.PAGE_BYTES + 1).build()),
                "max_bytes: 4194305");
        invalid(() -> Requests.range(range(prefix("")).setRevision(-1).build()), "revision: -1");
        invalid(
                () -> Requests.range(range(prefix(""))
                        .setMinModRevision(3)
                        .setMaxModRevision(2)
                        .build()),
                "min_mod_revision: 3");
        invalid(() -> Requests.range(range(prefix("")).setSortByValue(9).build()), "sort_by: 9");
    }

    @Test
    void aTransactionHasAtMost128Operations() {
        accepted(() -> TxnRequests.check(puts(Limits.TXN_OPERATIONS)));
        refused(() -> TxnRequests.check(puts(Limits.TXN_OPERATIONS + 1)), ErrorCode.TOO_LARGE, "txn: 129 operations");
        Txn nested = Txn.newBuilder()
                .addAllThen(puts(64).getThenList())
                .addThen(TxnOp.newBuilder().setTxn(ranges(64)))
                .build();
        refused(() -> TxnRequests.check(nested), ErrorCode.TOO_LARGE, "txn: 129 operations");
    }

    private static Txn puts(int count) {
        Txn.Builder txn = Txn.newBuilder();
        for (int i = 0; i < count; i++) {
            txn.addThen(putOp("k" + i, "v"));
        }
        return txn.build();
    }

    private static Txn ranges(int count) {
        Txn.Builder txn = Txn.newBuilder();
        for (int i = 0; i < count; i++) {
            txn.addThen(rangeOp(key("a")));
        }
        return txn.build();
    }

    @Test
    void transactionsNestAtMostFourDeep() {
        Txn txn = puts(1);
        for (int depth = 2; depth <= Limits.TXN_DEPTH; depth++) {
            txn = Txn.newBuilder().addThen(TxnOp.newBuilder().setTxn(txn)).build();
        }
        Txn deepest = txn;
        accepted(() -> TxnRequests.check(deepest));
        invalid(
                () -> TxnRequests.check(Txn.newBuilder()
                        .addThen(TxnOp.newBuilder().setTxn(deepest))
                        .build()),
                "txn: nested 5 deep");
    }

    @Test
    void aBranchChangesAKeyOnce() {
        duplicate(Txn.newBuilder().addThen(putOp("a", "1")).addThen(putOp("a", "2")));
        duplicate(Txn.newBuilder().addThen(putOp("a", "1")).addThen(deleteOp(prefix("a"))));
        duplicate(Txn.newBuilder().addThen(deleteOp(span("a", "c"))).addThen(putOp("b", "2")));
        duplicate(Txn.newBuilder()
                .addThen(putOp("a", "1"))
                .addThen(TxnOp.newBuilder().setTxn(Txn.newBuilder().addOtherwise(putOp("a", "2")))));
        accepted(() -> TxnRequests.check(Txn.newBuilder()
                .addThen(putOp("a", "1"))
                .addOtherwise(putOp("a", "2"))
                .build()));
        accepted(() -> TxnRequests.check(Txn.newBuilder()
                .addThen(TxnOp.newBuilder()
                        .setTxn(Txn.newBuilder().addThen(putOp("a", "1")).addOtherwise(putOp("a", "2"))))
                .build()));
    }

    private static void duplicate(Txn.Builder txn) {
        refused(() -> TxnRequests.check(txn.build()), ErrorCode.DUPLICATE_KEY, "is changed twice");
    }

    @Test
    void aTransactionTellsWhetherItWrites() {
        assertThat(TxnRequests.check(ranges(1))).isFalse();
        assertThat(TxnRequests.check(puts(1))).isTrue();
        assertThat(TxnRequests.check(Txn.newBuilder()
                        .addOtherwise(TxnOp.newBuilder().setTxn(puts(1)))
                        .build()))
                .isTrue();
    }

    @Test
    void aWriteDoesNotReadThePast() {
        Txn.Builder txn = Txn.newBuilder()
                .addThen(TxnOp.newBuilder().setRange(Commands.range(key("a")).setRevision(1)));
        accepted(() -> TxnRequests.check(txn.build()));
        invalid(() -> TxnRequests.check(txn.addThen(putOp("b", "1")).build()), "revision: 1");
    }

    @Test
    void aCompareHasATargetAndAKnownOperator() {
        invalid(() -> check(compare(key("a"))), "compare.target: not set");
        invalid(() -> check(compare(key("a")).setVersion(-1)), "compare.version: -1");
        invalid(() -> check(compare(key("a")).setVersion(1).setOperatorValue(6)), "compare.operator: 6");
        invalid(
                () -> check(compare(key("a")).setExists(true).setOperator(Compare.Operator.OPERATOR_LESS)),
                "compare.operator");
        accepted(() -> check(compare(prefix("")).setExists(true)));
    }

    private static void check(Compare.Builder compare) {
        TxnRequests.check(Txn.newBuilder().addCompares(compare).build());
    }

    @Test
    void anOperationIdNamesAClientAndASequence() {
        accepted(() -> Requests.operation(operation(1, 1, 1)));
        invalid(() -> Requests.operation(operation(0, 1, 0)), "operation.client_id: 0");
        invalid(() -> Requests.operation(operation(1, 0, 0)), "operation.sequence: 0");
        invalid(() -> Requests.operation(operation(1, 3, 4)), "operation.acknowledged_below: 4");
    }

    private static OperationId operation(long client, long sequence, long acknowledged) {
        return OperationId.newBuilder()
                .setClientId(client)
                .setSequence(sequence)
                .setAcknowledgedBelow(acknowledged)
                .build();
    }

    @Test
    void aLeaseLivesASecondToAYear() {
        accepted(() -> Requests.grant(1_000, 0));
        accepted(() -> Requests.grant(Limits.LEASE_TTL_MAX.toMillis(), 5));
        invalid(() -> Requests.grant(999, 0), "ttl_ms: 999");
        invalid(() -> Requests.grant(Limits.LEASE_TTL_MAX.toMillis() + 1, 0), "ttl_ms: 31536000001");
        invalid(() -> Requests.grant(1_000, -1), "lease_id: -1");
        invalid(() -> Requests.leaseId(0), "lease_id: 0");
    }

    @Test
    void aKeepaliveNamesOneToTenThousandLeases() {
        accepted(() -> Requests.keepAlive(ids(Limits.KEEPALIVE_LEASES)));
        invalid(() -> Requests.keepAlive(ids(Limits.KEEPALIVE_LEASES + 1)), "lease_ids: 10001");
        invalid(() -> Requests.keepAlive(List.of()), "lease_ids: 0");
        invalid(() -> Requests.keepAlive(List.of(-4L)), "lease_id: -4");
    }

    private static List<Long> ids(int count) {
        return LongStream.rangeClosed(1, count).boxed().toList();
    }

    @Test
    void aWatchDoesNotContradictItself() {
        accepted(() -> Requests.watch(watch().build()));
        accepted(() -> Requests.watch(watch().setProgressIntervalMs(100).build()));
        invalid(() -> Requests.watch(watch().setProgressIntervalMs(99).build()), "progress_interval_ms: 99");
        invalid(() -> Requests.watch(watch().setStartRevision(-1).build()), "start_revision: -1");
        invalid(
                () -> Requests.watch(
                        watch().setSnapshot(true).setStartRevision(4).build()),
                "start_revision: 4");
        invalid(() -> Requests.watch(watch().setNoPut(true).setNoDelete(true).build()), "no_delete: true");
        invalid(() -> Requests.watch(watch().setWatchId(-2).build()), "watch_id: -2");
    }

    private static WatchCreate.Builder watch() {
        return WatchCreate.newBuilder().setKeys(prefix("a"));
    }
}
