package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.Compare;
import dev.store.api.v1.Range;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnOp;
import java.util.List;

/** Checks transactions: sizes, nesting, and that no branch changes a key twice. */
public final class TxnRequests {
    private TxnRequests() {}

    /**
     * Checks a transaction as a whole, before any of it is applied.
     *
     * @return whether it has a put or delete on any path; if not, it is a read
     */
    public static boolean check(Txn txn) {
        boolean writes = writes(txn);
        checkLevel(txn, Limits.TXN_OPERATIONS, 1, writes);
        checkBranches(txn);
        return writes;
    }

    private static boolean writes(Txn txn) {
        return writes(txn.getThenList()) || writes(txn.getOtherwiseList());
    }

    private static boolean writes(List<TxnOp> ops) {
        for (TxnOp op : ops) {
            if (op.hasPut() || op.hasDelete() || (op.hasTxn() && writes(op.getTxn()))) {
                return true;
            }
        }
        return false;
    }

    private static void checkLevel(Txn txn, int budget, int depth, boolean writes) {
        if (depth > Limits.TXN_DEPTH) {
            throw Requests.invalid("txn: nested " + depth + " deep (expected: at most " + Limits.TXN_DEPTH + ")");
        }
        int size = Math.max(txn.getComparesCount(), Math.max(txn.getThenCount(), txn.getOtherwiseCount()));
        if (size > budget) {
            throw new StoreException(
                    ErrorCode.TOO_LARGE,
                    "txn: " + (Limits.TXN_OPERATIONS - budget + size) + " operations or compares (expected: at most "
                            + Limits.TXN_OPERATIONS + " along any path)");
        }
        txn.getComparesList().forEach(TxnRequests::checkCompare);
        LockGuards.check(txn.getRequiredLocksList());
        for (List<TxnOp> branch : List.of(txn.getThenList(), txn.getOtherwiseList())) {
            for (TxnOp op : branch) {
                checkOp(op, budget - size, depth, writes);
            }
        }
    }

    private static void checkOp(TxnOp op, int budget, int depth, boolean writes) {
        switch (op.getOpCase()) {
            case PUT -> Requests.put(op.getPut());
            case DELETE -> Requests.delete(op.getDelete());
            case RANGE -> checkRange(op.getRange(), writes);
            case TXN -> checkLevel(op.getTxn(), budget, depth + 1, writes);
            case OP_NOT_SET -> throw Requests.invalid("txn operation: not set (expected: put, delete, range or txn)");
        }
    }

    private static void checkRange(Range range, boolean writes) {
        Requests.range(range);
        if (!range.getContinuation().isEmpty()) {
            throw Requests.invalid("continuation: set (expected: empty within a transaction)");
        }
        // A read of the past inside a write once made etcd's replicas differ (fixed in 3.7): what is compacted when the
        // entry is applied need not be what was compacted when it was proposed.
        if (writes && range.getRevision() != 0) {
            throw Requests.invalid(
                    "revision: " + range.getRevision() + " (expected: 0 within a transaction that writes)");
        }
    }

    private static void checkCompare(Compare compare) {
        Requests.range(ScopedKey.DEFAULT_NAMESPACE, compare.getKeys());
        if (compare.getOperatorValue() < 0 || compare.getOperatorValue() > 5) {
            throw Requests.invalid("compare.operator: " + compare.getOperatorValue() + " (expected: 0 to 5)");
        }
        switch (compare.getTargetCase()) {
            case VERSION -> Requests.nonNegative("compare.version", compare.getVersion());
            case CREATE_REVISION -> Requests.nonNegative("compare.create_revision", compare.getCreateRevision());
            case MOD_REVISION -> Requests.nonNegative("compare.mod_revision", compare.getModRevision());
            case LEASE_ID -> Requests.nonNegative("compare.lease_id", compare.getLeaseId());
            case VALUE -> {
                if (compare.getValue().size() > Limits.VALUE_BYTES) {
                    throw new StoreException(
                            ErrorCode.TOO_LARGE,
                            "compare.value: " + compare.getValue().size() + " bytes (expected: at most "
                                    + Limits.VALUE_BYTES + ")");
                }
            }
            case EXISTS -> {
                if (compare.getOperatorValue() > Compare.Operator.OPERATOR_NOT_EQUAL_VALUE) {
                    throw Requests.invalid("compare.operator: " + compare.getOperator()
                            + " (expected: EQUAL or NOT_EQUAL together with exists)");
                }
            }
            case TARGET_NOT_SET ->
                throw Requests.invalid(
                        "compare.target: not set (expected: value, version, create_revision, mod_revision, lease_id or exists)");
        }
    }

    private static void checkBranches(Txn txn) {
        checkBranch(txn.getThenList());
        checkBranch(txn.getOtherwiseList());
    }

    private static TxnChanges checkBranch(List<TxnOp> ops) {
        TxnChanges changes = new TxnChanges();
        for (TxnOp op : ops) {
            if (op.hasPut()) {
                ByteString key =
                        ScopedKey.of(ScopedKey.DEFAULT_NAMESPACE, op.getPut().getKey());
                if (op.getPut().getAppendRevision()) {
                    changes.addSequentialPut(key);
                } else {
                    changes.addPut(key);
                }
            } else if (op.hasDelete()) {
                changes.addDelete(Requests.range(
                        ScopedKey.DEFAULT_NAMESPACE, op.getDelete().getKeys()));
            } else if (op.hasTxn()) {
                changes.addNested(
                        checkBranch(op.getTxn().getThenList()),
                        checkBranch(op.getTxn().getOtherwiseList()));
            }
        }
        return changes;
    }
}
