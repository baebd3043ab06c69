package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;

/**
 * One of the queues of a lock: its entries are records of one range of keys, in the order of their tokens.
 *
 * <p>Exclusive and shared entries of one lock stand in two queues that are served as one, in the order of tokens; a
 * semaphore has one queue, whose name holds the number of permits. A name is used either as a lock or as a semaphore of
 * one number: while there are entries, others are refused when they ask.
 *
 * @param kind which kind
 * @param permits how many may hold at a time, at least 1; 1 for an exclusive lock, 0 (no bound) for a shared one
 */
public record LockQueue(Kind kind, int permits) {
    /** What the entries ask for. */
    public enum Kind {
        /** To hold alone. */
        EXCLUSIVE,
        /** To hold together with others who ask for the same. */
        SHARED,
        /** One of several permits. */
        SEMAPHORE
    }

    /** The queue of those who want to hold alone. */
    public static final LockQueue EXCLUSIVE = new LockQueue(Kind.EXCLUSIVE, 1);

    /** The queue of those who share. */
    public static final LockQueue SHARED = new LockQueue(Kind.SHARED, 0);

    private static final ByteString SEMAPHORES = ByteString.copyFromUtf8("s");

    /** The queue of a semaphore. */
    public static LockQueue semaphore(int permits) {
        if (permits < 1) {
            throw new IllegalArgumentException("permits: " + permits + " (expected: at least 1)");
        }
        return new LockQueue(Kind.SEMAPHORE, permits);
    }

    /** The part of keys that names the queue. */
    public String part() {
        return switch (kind) {
            case EXCLUSIVE -> "x";
            case SHARED -> "r";
            case SEMAPHORE -> "s" + permits;
        };
    }

    /** The queue that a {@linkplain #part part} of a key names. */
    public static LockQueue of(String part) {
        return switch (part) {
            case "x" -> EXCLUSIVE;
            case "r" -> SHARED;
            default -> semaphore(Integer.parseInt(part.substring(1)));
        };
    }

    /** What the keys of all entries of the queue start with; the token follows, as eight bytes. */
    public ByteString prefix(String name) {
        return RecordKey.of(RecordKind.LOCK_WAITER, name, part());
    }

    /** The key of the entry with a token. */
    public ByteString key(String name, long token) {
        return RecordKey.numbered(prefix(name), token);
    }

    /** What the keys of entries start with in the queue of a semaphore of any number of permits. */
    public static ByteString semaphorePrefix(String name) {
        return RecordKey.of(RecordKind.LOCK_WAITER, name).concat(SEMAPHORES);
    }
}
