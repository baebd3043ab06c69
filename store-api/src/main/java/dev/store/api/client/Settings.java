package dev.store.api.client;

import dev.store.api.Limits;
import java.time.Duration;

/**
 * How calls are made; immutable, changed by views such as {@link KvClient#serializable()}.
 *
 * @param namespace namespace of the keys; empty means "default"
 * @param timeoutNanos time for a call with all its attempts, in ns
 * @param serializable whether reads may be answered from what the asked member has applied
 * @param atLeast revision that reads must have reached; 0 means none
 * @param exactlyOnce whether mutations carry an operation id
 * @param readYourWrites whether serializable reads never go back behind what this client has seen
 */
record Settings(
        String namespace,
        long timeoutNanos,
        boolean serializable,
        long atLeast,
        boolean exactlyOnce,
        boolean readYourWrites) {

    /** Far below {@link Limits#OPERATION_MEMORY}, so that a retry never outlives the members' memory of its answer. */
    static final Duration LONGEST_TIMEOUT = Limits.OPERATION_MEMORY.dividedBy(2);

    static final Settings DEFAULT = new Settings("", 5_000_000_000L, false, 0, true, true);

    Settings withNamespace(String name) {
        return new Settings(name, timeoutNanos, serializable, atLeast, exactlyOnce, readYourWrites);
    }

    Settings withTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "timeout: " + timeout + " (expected: more than 0 and at most " + LONGEST_TIMEOUT + ")");
        }
        return new Settings(namespace, timeout.toNanos(), serializable, atLeast, exactlyOnce, readYourWrites);
    }

    Settings withSerializable(boolean wanted) {
        return new Settings(namespace, timeoutNanos, wanted, atLeast, exactlyOnce, readYourWrites);
    }

    Settings withAtLeast(long revision) {
        if (revision < 0) {
            throw new IllegalArgumentException("revision: " + revision + " (expected: >= 0)");
        }
        return new Settings(namespace, timeoutNanos, serializable, revision, exactlyOnce, readYourWrites);
    }

    Settings withExactlyOnce(boolean wanted) {
        return new Settings(namespace, timeoutNanos, serializable, atLeast, wanted, readYourWrites);
    }

    Settings withReadYourWrites(boolean wanted) {
        return new Settings(namespace, timeoutNanos, serializable, atLeast, exactlyOnce, wanted);
    }
}
