package dev.store.jepsen.workload;

/** Something outside of the store that a lock protects: it refuses a token lower than the greatest it has seen. */
final class FencedResource {
    private long greatest;
    private long count;

    /** The count, or -1 if the token is too old. */
    synchronized long read(long token) {
        return admits(token) ? count : -1;
    }

    /** Sets the count; false if the token is too old. */
    synchronized boolean write(long token, long next) {
        if (!admits(token)) {
            return false;
        }
        count = next;
        return true;
    }

    private boolean admits(long token) {
        if (token < greatest) {
            return false;
        }
        greatest = token;
        return true;
    }
}
