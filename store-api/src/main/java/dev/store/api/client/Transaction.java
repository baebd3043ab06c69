package dev.store.api.client;

import dev.store.api.v1.LockGuard;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnOp;
import java.util.List;
import java.util.Objects;

/**
 * Conditions and two lists of operations: if all conditions hold, the first list is applied in order, else the second,
 * all at one revision or not at all. Made by {@link Op#txn}; immutable; an operation itself, so it nests (4 deep).
 *
 * <pre>{@code
 * Op.txn()
 *     .when(Condition.missing("lock"))
 *     .then(Op.put("lock", "me").lease(lease))
 *     .otherwise(Op.get("lock"))
 * }</pre>
 */
public final class Transaction implements Op {
    static final Transaction EMPTY = new Transaction(Txn.getDefaultInstance());

    private final Txn txn;

    private Transaction(Txn txn) {
        this.txn = txn;
    }

    /** Adds conditions; all must hold. */
    public Transaction when(Condition... conditions) {
        return when(List.of(conditions));
    }

    /** Adds conditions; all must hold. */
    public Transaction when(List<Condition> conditions) {
        Txn.Builder builder = txn.toBuilder();
        for (Condition condition : conditions) {
            builder.addCompares(condition.toProto());
        }
        return new Transaction(builder.build());
    }

    /** Adds operations for when the conditions hold. */
    public Transaction then(Op... ops) {
        return then(List.of(ops));
    }

    /** Adds operations for when the conditions hold. */
    public Transaction then(List<? extends Op> ops) {
        Txn.Builder builder = txn.toBuilder();
        for (Op op : ops) {
            builder.addThen(proto(op));
        }
        return new Transaction(builder.build());
    }

    /** Adds operations for when the conditions do not hold. */
    public Transaction otherwise(Op... ops) {
        return otherwise(List.of(ops));
    }

    /** Adds operations for when the conditions do not hold. */
    public Transaction otherwise(List<? extends Op> ops) {
        Txn.Builder builder = txn.toBuilder();
        for (Op op : ops) {
            builder.addOtherwise(proto(op));
        }
        return new Transaction(builder.build());
    }

    /**
     * Demands that a lock is still held under this token; else the whole transaction fails with LOCK_NOT_HELD, and nothing is
     * changed. At most 16.
     */
    public Transaction requireLock(String name, long token) {
        return new Transaction(txn.toBuilder()
                .addRequiredLocks(LockGuard.newBuilder().setName(name).setToken(token))
                .build());
    }

    Txn toProto() {
        return txn;
    }

    /** Whether either list, or a nested one, has a put or a delete. */
    boolean writes() {
        return writes(txn);
    }

    private static boolean writes(Txn txn) {
        return writes(txn.getThenList()) || writes(txn.getOtherwiseList());
    }

    private static boolean writes(List<TxnOp> ops) {
        for (TxnOp op : ops) {
            boolean writes =
                    switch (op.getOpCase()) {
                        case PUT, DELETE -> true;
                        case TXN -> writes(op.getTxn());
                        case RANGE, OP_NOT_SET -> false;
                    };
            if (writes) {
                return true;
            }
        }
        return false;
    }

    private static TxnOp proto(Op op) {
        TxnOp.Builder builder = TxnOp.newBuilder();
        if (op instanceof PutOp put) {
            builder.setPut(put.toProto());
        } else if (op instanceof DeleteOp delete) {
            builder.setDelete(delete.toProto());
        } else if (op instanceof RangeOp range) {
            builder.setRange(range.toProto());
        } else {
            builder.setTxn(((Transaction) Objects.requireNonNull(op, "op")).toProto());
        }
        return builder.build();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Transaction that && txn.equals(that.txn);
    }

    @Override
    public int hashCode() {
        return Objects.hash(txn);
    }

    @Override
    public String toString() {
        return "txn " + txn;
    }
}
