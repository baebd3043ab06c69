package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import dev.store.api.v1.Compare;
import org.jspecify.annotations.Nullable;

/** Evaluates conditions of transactions. The semantics of missing keys and of ranges are etcd's (mvcc txn.go). */
final class CompareEvaluator {
    private CompareEvaluator() {}

    static boolean holds(RecordSource records, Scope scope, Compare compare) {
        KeyRange range = Requests.range(scope, compare.getKeys());
        if (range.isSingle()) {
            return holds(compare, records.get(range.start()));
        }
        boolean any = false;
        try (KeyspaceView.KeyCursor cursor = records.cursor(range, false)) {
            while (cursor.next()) {
                any = true;
                if (!holds(compare, cursor.keyRecord())) {
                    return false;
                }
            }
        }
        return any || holds(compare, null);
    }

    private static boolean holds(Compare compare, @Nullable KeyRecord keyRecord) {
        return switch (compare.getTargetCase()) {
            // A value that is not there relates to no value at all, not even by NOT_EQUAL.
            case VALUE ->
                keyRecord != null
                        && holds(
                                compare.getOperator(),
                                ByteString.unsignedLexicographicalComparator()
                                        .compare(keyRecord.value(), compare.getValue()));
            case VERSION ->
                holds(compare.getOperator(), keyRecord == null ? 0 : keyRecord.version(), compare.getVersion());
            case CREATE_REVISION ->
                holds(
                        compare.getOperator(),
                        keyRecord == null ? 0 : keyRecord.createRevision(),
                        compare.getCreateRevision());
            case MOD_REVISION ->
                holds(compare.getOperator(), keyRecord == null ? 0 : keyRecord.modRevision(), compare.getModRevision());
            case LEASE_ID ->
                holds(compare.getOperator(), keyRecord == null ? 0 : keyRecord.leaseId(), compare.getLeaseId());
            case EXISTS -> holds(compare.getOperator(), Boolean.compare(keyRecord != null, compare.getExists()));
            case TARGET_NOT_SET -> throw Requests.invalid("compare.target: not set (expected: one)");
        };
    }

    private static boolean holds(Compare.Operator operator, long left, long right) {
        return holds(operator, Long.compare(left, right));
    }

    private static boolean holds(Compare.Operator operator, int order) {
        return switch (operator) {
            case OPERATOR_EQUAL -> order == 0;
            case OPERATOR_NOT_EQUAL -> order != 0;
            case OPERATOR_LESS -> order < 0;
            case OPERATOR_LESS_OR_EQUAL -> order <= 0;
            case OPERATOR_GREATER -> order > 0;
            case OPERATOR_GREATER_OR_EQUAL -> order >= 0;
            case UNRECOGNIZED -> throw Requests.invalid("compare.operator: unknown (expected: 0 to 5)");
        };
    }
}
