package dev.store.api.client;

/**
 * Something to do with keys: alone, through {@link KvClient}, or as an operation of a {@link Transaction}.
 *
 * <p>Operations are immutable; each refining method returns a new one.
 */
public sealed interface Op permits PutOp, DeleteOp, RangeOp, Transaction {
    /** Puts a key. */
    static PutOp put(String key, String value) {
        return put(Bytes.of(key), Bytes.of(value));
    }

    /** Puts a key. */
    static PutOp put(Bytes key, Bytes value) {
        return PutOp.of(key, value);
    }

    /** Deletes one key. */
    static DeleteOp delete(String key) {
        return delete(Keys.of(key));
    }

    /** Deletes keys. */
    static DeleteOp delete(Keys keys) {
        return DeleteOp.of(keys);
    }

    /** Reads one key, as a range with at most one entry. */
    static RangeOp get(String key) {
        return range(Keys.of(key));
    }

    /** Reads keys. */
    static RangeOp range(Keys keys) {
        return RangeOp.of(keys);
    }

    /** An empty transaction: {@code Op.txn().when(…).then(…).otherwise(…)}. */
    static Transaction txn() {
        return Transaction.EMPTY;
    }
}
