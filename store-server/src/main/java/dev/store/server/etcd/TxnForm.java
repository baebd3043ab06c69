package dev.store.server.etcd;

import com.google.protobuf.ByteString;
import dev.store.api.Limits;
import dev.store.api.v1.Compare.Operator;
import dev.store.api.v1.Delete;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.Put;
import dev.store.api.v1.Range;
import dev.store.api.v1.SortOrder;
import dev.store.api.v1.SortTarget;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnOp;
import dev.store.raft.keyspace.Requests;
import dev.store.server.etcd.v3.Compare;
import dev.store.server.etcd.v3.DeleteRangeRequest;
import dev.store.server.etcd.v3.PutRequest;
import dev.store.server.etcd.v3.RangeRequest;
import dev.store.server.etcd.v3.RequestOp;
import dev.store.server.etcd.v3.TxnRequest;
import java.util.List;

/**
 * Puts, deletions and transactions in Store's form, checked as etcd checks them and in its order, since the first thing that
 * is wrong decides the error (v3rpc/key.go in etcd).
 */
final class TxnForm {
    private TxnForm() {}

    static void check(RangeRequest range) {
        if (range.getKey().isEmpty()) {
            throw EtcdErrors.emptyKey();
        }
    }

    static Put put(PutRequest request) {
        check(request);
        Put put = Put.newBuilder()
                .setKey(request.getKey())
                .setValue(request.getValue())
                .setLeaseId(request.getLease())
                .setReturnPrevious(request.getPrevKv())
                .setKeepValue(request.getIgnoreValue())
                .setKeepLease(request.getIgnoreLease())
                .build();
        Requests.put(put);
        return put;
    }

    private static void check(PutRequest put) {
        if (put.getKey().isEmpty()) {
            throw EtcdErrors.emptyKey();
        }
        if (put.getIgnoreValue() && !put.getValue().isEmpty()) {
            throw EtcdErrors.valueProvided();
        }
        if (put.getIgnoreLease() && put.getLease() != 0) {
            throw EtcdErrors.leaseProvided();
        }
        if (put.getLease() < 0) {
            throw EtcdErrors.leaseNotFound();
        }
    }

    static Delete delete(DeleteRangeRequest request) {
        check(request);
        Delete delete = Delete.newBuilder()
                .setKeys(KeySelection.of(request.getKey(), request.getRangeEnd()))
                .setReturnPrevious(request.getPrevKv())
                .build();
        Requests.delete(delete);
        return delete;
    }

    private static void check(DeleteRangeRequest delete) {
        if (delete.getKey().isEmpty()) {
            throw EtcdErrors.emptyKey();
        }
    }

    /** The transaction; what etcd does not check is left to the checks that every transaction passes. */
    static Txn txn(TxnRequest request) {
        check(request, Limits.TXN_OPERATIONS);
        return translated(request);
    }

    private static void check(TxnRequest txn, int budget) {
        int size = Math.max(txn.getCompareCount(), Math.max(txn.getSuccessCount(), txn.getFailureCount()));
        if (size > budget) {
            throw EtcdErrors.tooManyOperations();
        }
        for (Compare compare : txn.getCompareList()) {
            if (compare.getKey().isEmpty()) {
                throw EtcdErrors.emptyKey();
            }
        }
        for (List<RequestOp> branch : List.of(txn.getSuccessList(), txn.getFailureList())) {
            for (RequestOp op : branch) {
                check(op, budget - size);
            }
        }
    }

    private static void check(RequestOp op, int budget) {
        switch (op.getRequestCase()) {
            case REQUEST_RANGE -> check(op.getRequestRange());
            case REQUEST_PUT -> check(op.getRequestPut());
            case REQUEST_DELETE_RANGE -> check(op.getRequestDeleteRange());
            case REQUEST_TXN -> check(op.getRequestTxn(), budget);
            case REQUEST_NOT_SET -> throw EtcdErrors.emptyOperation();
        }
    }

    /** Whether all that is read may be read as the asked member has it. */
    static boolean isSerializable(TxnRequest txn) {
        return txn.getSuccessCount() + txn.getFailureCount() > 0
                && isSerializable(txn.getSuccessList())
                && isSerializable(txn.getFailureList());
    }

    private static boolean isSerializable(List<RequestOp> branch) {
        return branch.stream()
                .allMatch(op -> op.hasRequestRange() && op.getRequestRange().getSerializable());
    }

    private static Txn translated(TxnRequest request) {
        Txn.Builder txn = Txn.newBuilder();
        request.getCompareList().forEach(compare -> txn.addCompares(translated(compare)));
        request.getSuccessList().forEach(op -> txn.addThen(translated(op)));
        request.getFailureList().forEach(op -> txn.addOtherwise(translated(op)));
        return txn.build();
    }

    private static TxnOp translated(RequestOp op) {
        TxnOp.Builder translated = TxnOp.newBuilder();
        switch (op.getRequestCase()) {
            case REQUEST_RANGE -> translated.setRange(range(op.getRequestRange()));
            case REQUEST_PUT -> translated.setPut(put(op.getRequestPut()));
            case REQUEST_DELETE_RANGE -> translated.setDelete(delete(op.getRequestDeleteRange()));
            case REQUEST_TXN -> translated.setTxn(translated(op.getRequestTxn()));
            case REQUEST_NOT_SET -> throw EtcdErrors.emptyOperation();
        }
        return translated.build();
    }

    private static Range range(RangeRequest request) {
        boolean none = request.getMaxModRevision() < 0
                || request.getMaxCreateRevision() < 0
                || excludes(request.getMinModRevision(), request.getMaxModRevision())
                || excludes(request.getMinCreateRevision(), request.getMaxCreateRevision());
        KeySelector keys = none ? KeySelection.nothing() : KeySelection.of(request.getKey(), request.getRangeEnd());
        return Range.newBuilder()
                .setKeys(keys)
                .setLimit(Math.min(Limits.PAGE_ENTRIES, Math.max(0, request.getLimit())))
                .setMaxBytes(Limits.PAGE_BYTES)
                .setRevision(Math.max(0, request.getRevision()))
                .setKeysOnly(request.getKeysOnly())
                .setCountOnly(request.getCountOnly())
                .setWithCount(true)
                .setSortBy(sortTarget(request))
                .setSortOrder(
                        request.getSortOrder() == RangeRequest.SortOrder.DESCEND
                                ? SortOrder.SORT_ORDER_DESCENDING
                                : SortOrder.SORT_ORDER_ASCENDING)
                .setMinModRevision(none ? 0 : Math.max(0, request.getMinModRevision()))
                .setMaxModRevision(none ? 0 : request.getMaxModRevision())
                .setMinCreateRevision(none ? 0 : Math.max(0, request.getMinCreateRevision()))
                .setMaxCreateRevision(none ? 0 : request.getMaxCreateRevision())
                .build();
    }

    private static boolean excludes(long min, long max) {
        return max != 0 && min > max;
    }

    private static SortTarget sortTarget(RangeRequest request) {
        return switch (request.getSortTarget()) {
            case KEY -> SortTarget.SORT_TARGET_KEY;
            case VERSION -> SortTarget.SORT_TARGET_VERSION;
            case CREATE -> SortTarget.SORT_TARGET_CREATE_REVISION;
            case MOD -> SortTarget.SORT_TARGET_MOD_REVISION;
            case VALUE -> SortTarget.SORT_TARGET_VALUE;
            case UNRECOGNIZED ->
                throw EtcdErrors.invalid("sort_target: " + request.getSortTargetValue() + " (expected: 0 to 4)");
        };
    }

    private static dev.store.api.v1.Compare translated(Compare compare) {
        dev.store.api.v1.Compare.Builder translated = dev.store.api.v1.Compare.newBuilder()
                .setKeys(KeySelection.of(compare.getKey(), compare.getRangeEnd()))
                .setOperator(operator(compare));
        switch (compare.getTarget()) {
            case VERSION -> translated.setVersion(number(compare, compare.getVersion(), translated));
            case CREATE -> translated.setCreateRevision(number(compare, compare.getCreateRevision(), translated));
            case MOD -> translated.setModRevision(number(compare, compare.getModRevision(), translated));
            case LEASE -> translated.setLeaseId(number(compare, compare.getLease(), translated));
            // One that is not set is an empty one.
            case VALUE -> translated.setValue(compare.getValue());
            case UNRECOGNIZED ->
                throw EtcdErrors.invalid("compare.target: " + compare.getTargetValue() + " (expected: 0 to 4)");
        }
        return translated.build();
    }

    private static Operator operator(Compare compare) {
        return switch (compare.getResult()) {
            case EQUAL -> Operator.OPERATOR_EQUAL;
            case GREATER -> Operator.OPERATOR_GREATER;
            case LESS -> Operator.OPERATOR_LESS;
            case NOT_EQUAL -> Operator.OPERATOR_NOT_EQUAL;
            case UNRECOGNIZED ->
                throw EtcdErrors.invalid("compare.result: " + compare.getResultValue() + " (expected: 0 to 3)");
        };
    }

    /** A number to compare with. No number of a key is negative: a negative one is less than all of them. */
    private static long number(Compare compare, long wanted, dev.store.api.v1.Compare.Builder translated) {
        if (wanted < 0) {
            boolean holds = compare.getResult() == Compare.CompareResult.GREATER
                    || compare.getResult() == Compare.CompareResult.NOT_EQUAL;
            translated.setOperator(holds ? Operator.OPERATOR_GREATER_OR_EQUAL : Operator.OPERATOR_LESS);
            return 0;
        }
        return wanted;
    }

    /** The compare that demands that a key was made at a revision; 0 means that it does not exist. */
    static dev.store.api.v1.Compare madeAt(ByteString key, long revision) {
        return madeAt(KeySelector.newBuilder().setKey(key), revision);
    }

    /** Holds if there is no key with a prefix: one that is not there was made at 0. */
    static dev.store.api.v1.Compare noneOf(ByteString prefix) {
        return madeAt(KeySelector.newBuilder().setPrefix(prefix), 0);
    }

    private static dev.store.api.v1.Compare madeAt(KeySelector.Builder keys, long revision) {
        return dev.store.api.v1.Compare.newBuilder()
                .setKeys(keys)
                .setOperator(Operator.OPERATOR_EQUAL)
                .setCreateRevision(revision)
                .build();
    }
}
