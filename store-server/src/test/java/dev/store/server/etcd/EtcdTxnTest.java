package dev.store.server.etcd;

import static dev.store.server.etcd.EtcdStubs.bytes;
import static dev.store.server.etcd.EtcdStubs.deleteOf;
import static dev.store.server.etcd.EtcdStubs.modifiedAt;
import static dev.store.server.etcd.EtcdStubs.op;
import static dev.store.server.etcd.EtcdStubs.putOf;
import static dev.store.server.etcd.EtcdStubs.rangeOf;
import static dev.store.server.etcd.EtcdStubs.valueIs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.store.server.etcd.v3.Compare;
import dev.store.server.etcd.v3.Compare.CompareResult;
import dev.store.server.etcd.v3.Compare.CompareTarget;
import dev.store.server.etcd.v3.RequestOp;
import dev.store.server.etcd.v3.TxnRequest;
import dev.store.server.etcd.v3.TxnResponse;
import io.grpc.Status.Code;
import org.junit.jupiter.api.Test;

class EtcdTxnTest extends OneEtcdNode {
    @Test
    void theBranchThatTheComparesChooseIsApplied() {
        long made = etcd.put(key("a"), "1");
        TxnRequest update = TxnRequest.newBuilder()
                .addCompare(modifiedAt(key("a"), made))
                .addSuccess(op(putOf(key("a"), "2").setPrevKv(true)))
                .addFailure(op(rangeOf(key("a"))))
                .build();

        TxnResponse won = etcd.kv().txn(update);
        TxnResponse lost = etcd.kv().txn(update);

        assertThat(won.getSucceeded()).isTrue();
        assertThat(won.getHeader().getRevision()).isEqualTo(made + 1);
        assertThat(won.getResponses(0).getResponsePut().getPrevKv().getValue()).isEqualTo(bytes("1"));
        assertThat(lost.getSucceeded()).isFalse();
        assertThat(lost.getHeader().getRevision()).isEqualTo(made + 1);
        assertThat(lost.getResponses(0).getResponseRange().getKvs(0).getValue()).isEqualTo(bytes("2"));
    }

    @Test
    void operationsSeeThoseBeforeThemAndTellTheRevisionThatTheyMade() {
        long before = etcd.put(key("a"), "1");

        TxnResponse done = etcd.kv()
                .txn(TxnRequest.newBuilder()
                        .addSuccess(op(rangeOf(name, end())))
                        .addSuccess(op(deleteOf(key("a"), key("b"))))
                        .addSuccess(op(putOf(key("c"), "3")))
                        .addSuccess(op(rangeOf(name, end())))
                        .build());

        assertThat(done.getResponses(0).getResponseRange().getHeader().getRevision())
                .isEqualTo(before);
        assertThat(done.getResponses(1).getResponseDeleteRange().getDeleted()).isEqualTo(1);
        assertThat(done.getResponses(2).getResponsePut().getHeader().getRevision())
                .isEqualTo(before + 1);
        assertThat(done.getResponses(3).getResponseRange().getKvsList())
                .extracting(entry -> entry.getKey().toStringUtf8())
                .containsExactly(key("c"));
        assertThat(done.getHeader().getRevision()).isEqualTo(before + 1);
    }

    @Test
    void nestedTransactionsDecideForThemselves() {
        etcd.put(key("a"), "1");

        TxnResponse done = etcd.kv()
                .txn(TxnRequest.newBuilder()
                        .addCompare(valueIs(key("a"), "1"))
                        .addSuccess(op(putOf(key("b"), "2")))
                        .addSuccess(op(TxnRequest.newBuilder()
                                .addCompare(valueIs(key("b"), "2"))
                                .addSuccess(op(TxnRequest.newBuilder()
                                        .addCompare(valueIs(key("none"), ""))
                                        .addSuccess(op(putOf(key("wrong"), "")))
                                        .addFailure(op(putOf(key("c"), "3")))))
                                .addFailure(op(putOf(key("wrong"), "")))))
                        .build());

        TxnResponse nested = done.getResponses(1).getResponseTxn();
        assertThat(nested.getSucceeded()).isTrue();
        assertThat(nested.getResponses(0).getResponseTxn().getSucceeded()).isFalse();
        assertThat(etcd.kv().range(rangeOf(name, end()).build()).getKvsList())
                .extracting(entry -> entry.getKey().toStringUtf8())
                .containsExactly(key("a"), key("b"), key("c"));
    }

    @Test
    void aCompareOfARangeHoldsForEachOfItsKeys() {
        etcd.put(key("a"), "1");
        long last = etcd.put(key("b"), "2");

        assertThat(holds(CompareTarget.CREATE, CompareResult.LESS, last + 1)).isTrue();
        assertThat(holds(CompareTarget.CREATE, CompareResult.LESS, last)).isFalse();
        assertThat(holds(CompareTarget.VERSION, CompareResult.EQUAL, 1)).isTrue();
        assertThat(holds(CompareTarget.LEASE, CompareResult.NOT_EQUAL, 0)).isFalse();
        assertThat(holds(CompareTarget.MOD, CompareResult.GREATER, -1)).isTrue();
        assertThat(holds(CompareTarget.MOD, CompareResult.EQUAL, -1)).isFalse();
    }

    private boolean holds(CompareTarget target, CompareResult result, long number) {
        Compare.Builder compare = Compare.newBuilder()
                .setKey(bytes(name))
                .setRangeEnd(bytes(end()))
                .setTarget(target)
                .setResult(result);
        switch (target) {
            case CREATE -> compare.setCreateRevision(number);
            case MOD -> compare.setModRevision(number);
            case LEASE -> compare.setLease(number);
            default -> compare.setVersion(number);
        }
        return etcd.kv()
                .txn(TxnRequest.newBuilder().addCompare(compare).build())
                .getSucceeded();
    }

    @Test
    void theValueOfAMissingKeyRelatesToNothing() {
        TxnResponse done = etcd.kv()
                .txn(TxnRequest.newBuilder()
                        .addCompare(valueIs(key("none"), "1").setResult(CompareResult.NOT_EQUAL))
                        .build());

        assertThat(done.getSucceeded()).isFalse();
    }

    @Test
    void aTransactionThatOnlyReadsMayReadThePast() {
        long first = etcd.put(key("a"), "1");
        long second = etcd.put(key("a"), "2");

        TxnResponse done = etcd.kv()
                .txn(TxnRequest.newBuilder()
                        .addSuccess(op(rangeOf(key("a")).setRevision(first).setSerializable(true)))
                        .addSuccess(op(rangeOf(key("a")).setSerializable(true)))
                        .build());

        assertThat(done.getResponses(0).getResponseRange().getKvs(0).getValue()).isEqualTo(bytes("1"));
        assertThat(done.getResponses(1).getResponseRange().getKvs(0).getValue()).isEqualTo(bytes("2"));
        assertThat(done.getHeader().getRevision()).isEqualTo(second);
    }

    @Test
    void badTransactionsAreRefusedInEtcdsWordsAndChangeNothing() {
        long before = etcd.put(key("a"), "1");
        String duplicate = "etcdserver: duplicate key given in txn request";

        refuse(
                TxnRequest.newBuilder().addSuccess(op(putOf(key("b"), ""))).addSuccess(op(putOf(key("b"), ""))),
                duplicate);
        refuse(
                TxnRequest.newBuilder().addSuccess(op(putOf(key("b"), ""))).addSuccess(op(deleteOf(name, end()))),
                duplicate);
        refuse(
                TxnRequest.newBuilder()
                        .addSuccess(op(putOf(key("b"), "")))
                        .addSuccess(op(TxnRequest.newBuilder().addSuccess(op(putOf(key("b"), ""))))),
                duplicate);
        refuse(TxnRequest.newBuilder().addSuccess(op(putOf("", ""))), "etcdserver: key is not provided");
        refuse(TxnRequest.newBuilder().addCompare(modifiedAt("", 0)), "etcdserver: key is not provided");
        refuse(TxnRequest.newBuilder().addSuccess(RequestOp.getDefaultInstance()), "etcdserver: key not found");
        TxnRequest.Builder many = TxnRequest.newBuilder();
        for (int i = 0; i < 129; i++) {
            many.addSuccess(op(putOf(key("b" + i), "")));
        }
        refuse(many, "etcdserver: too many operations in txn request");
        TxnRequest.Builder nested = TxnRequest.newBuilder();
        for (int i = 0; i < 127; i++) {
            nested.addSuccess(op(putOf(key("b" + i), "")));
        }
        refuse(
                nested.addSuccess(op(TxnRequest.newBuilder().addSuccess(op(putOf(key("c"), ""))))),
                "etcdserver: too many operations in txn request");
        refuse(
                TxnRequest.newBuilder()
                        .addSuccess(op(putOf(key("b"), "")))
                        .addSuccess(op(rangeOf(key("a")).setRevision(before))),
                "etcdserver: revision: " + before + " (expected: 0 within a transaction that writes)");

        assertThat(etcd.kv().range(rangeOf(name, end()).build()).getHeader().getRevision())
                .isEqualTo(before);
    }

    @Test
    void aTransactionThatFailsWhenItIsAppliedChangesNothing() {
        long before = etcd.put(key("a"), "1");

        Refusal.expect(
                () -> etcd.kv()
                        .txn(TxnRequest.newBuilder()
                                .addSuccess(op(putOf(key("b"), "")))
                                .addSuccess(op(putOf(key("c"), "").setLease(4711)))
                                .build()),
                Code.NOT_FOUND,
                "etcdserver: requested lease not found");

        assertThat(etcd.kv().range(rangeOf(name, end()).build()).getHeader().getRevision())
                .isEqualTo(before);
    }

    private void refuse(TxnRequest.Builder txn, String text) {
        Refusal.expect(() -> etcd.kv().txn(txn.build()), Code.INVALID_ARGUMENT, text);
    }
}
