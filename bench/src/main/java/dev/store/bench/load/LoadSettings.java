package dev.store.bench.load;

/**
 * What the operations are like.
 *
 * @param keySpace number of different keys
 * @param sequential keys in order rather than at random
 * @param keyBytes size of a key
 * @param valueBytes size of a value
 * @param load keys to put before the run, from the first one on
 * @param limit most entries of a range
 * @param serializable whether ranges are serializable rather than linearizable
 * @param txnOps operations of a transaction, half of them puts
 * @param exactlyOnce whether puts carry an operation id
 * @param watchers number of watches
 * @param watchersPerStream watches on one stream
 */
public record LoadSettings(
        long keySpace,
        boolean sequential,
        int keyBytes,
        int valueBytes,
        long load,
        int limit,
        boolean serializable,
        int txnOps,
        boolean exactlyOnce,
        int watchers,
        int watchersPerStream) {

    public LoadSettings {
        check("key-space", keySpace, 1, 1L << 40);
        check("key-size", keyBytes, 1, 4096);
        check("value-size", valueBytes, 0, 1 << 20);
        check("load", load, 0, keySpace);
        check("limit", limit, 1, 10_000);
        check("txn-ops", txnOps, 1, 127);
        check("watchers", watchers, 0, 1_000_000);
        check("watchers-per-stream", watchersPerStream, 1, 1_000);
        if (keyBytes < 6 && keySpace > 1L << (8 * keyBytes)) {
            throw new IllegalArgumentException("key-space: " + keySpace + " (expected: at most "
                    + (1L << (8 * keyBytes)) + " with keys of " + keyBytes + " bytes)");
        }
    }

    /** Keys of 8 bytes at random out of so many, so many watches, 100 on a stream. */
    public static LoadSettings standard(long keySpace, int valueBytes, int watchers) {
        return new LoadSettings(keySpace, false, 8, valueBytes, 0, 1_000, false, 10, false, watchers, 100);
    }

    /** Keys as there, and so many watches, as many on a stream as Store lets. */
    public static LoadSettings idle(long keySpace, int valueBytes, int watchers) {
        return new LoadSettings(keySpace, false, 8, valueBytes, 0, 1_000, false, 10, false, watchers, 1_000);
    }

    /** The same with keys in order. */
    public LoadSettings inOrder() {
        return new LoadSettings(
                keySpace,
                true,
                keyBytes,
                valueBytes,
                load,
                limit,
                serializable,
                txnOps,
                exactlyOnce,
                watchers,
                watchersPerStream);
    }

    private static void check(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + min + " to " + max + ")");
        }
    }
}
