package dev.store.api.client;

import dev.store.api.v1.TxnOpResult;
import dev.store.api.v1.TxnResult;
import java.util.ArrayList;
import java.util.List;

/**
 * The answer to a transaction.
 *
 * @param succeeded whether all conditions held, so that the operations of {@code then} were applied
 * @param answers the answers to the operations of the branch that was applied, in their order
 */
public record TxnAnswer(Header header, boolean succeeded, List<OpAnswer> answers) implements OpAnswer {
    public TxnAnswer {
        answers = List.copyOf(answers);
    }

    /** The answer to a put: the operation at this place, from 0. */
    public PutAnswer put(int place) {
        return (PutAnswer) answers.get(place);
    }

    /** The answer to a deletion: the operation at this place, from 0. */
    public DeleteAnswer delete(int place) {
        return (DeleteAnswer) answers.get(place);
    }

    /** The answer to a range: the operation at this place, from 0. */
    public RangeAnswer range(int place) {
        return (RangeAnswer) answers.get(place);
    }

    /** The answer to a nested transaction: the operation at this place, from 0. */
    public TxnAnswer txn(int place) {
        return (TxnAnswer) answers.get(place);
    }

    static TxnAnswer of(Header header, TxnResult result) {
        List<OpAnswer> answers = new ArrayList<>(result.getResultsCount());
        for (TxnOpResult op : result.getResultsList()) {
            answers.add(
                    switch (op.getResultCase()) {
                        case PUT -> PutAnswer.of(header, op.getPut());
                        case DELETE -> DeleteAnswer.of(header, op.getDelete());
                        case RANGE -> RangeAnswer.of(header, op.getRange());
                        case TXN -> of(header, op.getTxn());
                        case RESULT_NOT_SET ->
                            throw new IllegalArgumentException(
                                    "result of a transaction: none (expected: put, delete, range or txn)");
                    });
        }
        return new TxnAnswer(header, result.getSucceeded(), answers);
    }
}
