package dev.store.cli.call;

/** A moment by which something must be done. */
final class Deadline {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final long endNanos;

    /** So many milliseconds from now. */
    Deadline(long millis) {
        endNanos = System.nanoTime() + millis * NANOS_PER_MILLI;
    }

    /** Milliseconds left, rounded up; 0 or less once it has passed. */
    long leftMillis() {
        return (endNanos - System.nanoTime() + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
    }
}
