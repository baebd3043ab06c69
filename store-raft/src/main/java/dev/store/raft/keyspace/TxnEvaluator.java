package dev.store.raft.keyspace;

import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.Compare;
import dev.store.api.v1.Delete;
import dev.store.api.v1.DeleteResult;
import dev.store.api.v1.LockGuard;
import dev.store.api.v1.Put;
import dev.store.api.v1.PutResult;
import dev.store.api.v1.Range;
import dev.store.api.v1.RangeResult;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnOp;
import dev.store.api.v1.TxnOpResult;
import dev.store.api.v1.TxnResult;
import java.util.List;

/** Evaluates a transaction: compares, then one branch in order. */
final class TxnEvaluator {
    private final Effects effects;
    private int resultBytes;

    TxnEvaluator(Effects effects) {
        this.effects = effects;
    }

    /** What a transaction may do to the state, and how it sees it. */
    interface Effects {
        /** Fails if one of the locks is not held. */
        void demand(List<LockGuard> locks);

        boolean holds(Compare compare);

        PutResult put(Put put);

        DeleteResult delete(Delete delete);

        RangeResult range(Range range);
    }

    TxnResult evaluate(Txn txn) {
        effects.demand(txn.getRequiredLocksList());
        boolean succeeded = true;
        for (Compare compare : txn.getComparesList()) {
            if (!effects.holds(compare)) {
                succeeded = false;
                break;
            }
        }
        TxnResult.Builder result = TxnResult.newBuilder().setSucceeded(succeeded);
        for (TxnOp op : succeeded ? txn.getThenList() : txn.getOtherwiseList()) {
            result.addResults(evaluate(op));
        }
        return result.build();
    }

    private TxnOpResult evaluate(TxnOp op) {
        TxnOpResult.Builder result = TxnOpResult.newBuilder();
        switch (op.getOpCase()) {
            case PUT -> result.setPut(effects.put(op.getPut()));
            case DELETE -> result.setDelete(effects.delete(op.getDelete()));
            case RANGE -> result.setRange(effects.range(op.getRange()));
            case TXN -> result.setTxn(evaluate(op.getTxn()));
            case OP_NOT_SET -> throw Requests.invalid("txn operation: not set (expected: put, delete, range or txn)");
        }
        TxnOpResult built = result.build();
        if (!op.hasTxn()) {
            resultBytes += built.getSerializedSize();
            if (resultBytes > Limits.RESULT_BYTES) {
                throw new StoreException(
                        ErrorCode.RESULT_TOO_LARGE,
                        "txn: more than " + Limits.RESULT_BYTES
                                + " bytes of results (expected: at most that; narrow the ranges)");
            }
        }
        return built;
    }
}
