package dev.store.api.client;

import dev.store.api.v1.Compare;

/** How what a key has relates to what a {@link Condition} gives. */
public enum Relation {
    EQUAL(Compare.Operator.OPERATOR_EQUAL),
    NOT_EQUAL(Compare.Operator.OPERATOR_NOT_EQUAL),
    LESS(Compare.Operator.OPERATOR_LESS),
    LESS_OR_EQUAL(Compare.Operator.OPERATOR_LESS_OR_EQUAL),
    GREATER(Compare.Operator.OPERATOR_GREATER),
    GREATER_OR_EQUAL(Compare.Operator.OPERATOR_GREATER_OR_EQUAL);

    private final Compare.Operator operator;

    Relation(Compare.Operator operator) {
        this.operator = operator;
    }

    Compare.Operator toProto() {
        return operator;
    }
}
