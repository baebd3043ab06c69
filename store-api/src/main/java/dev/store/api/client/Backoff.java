package dev.store.api.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to pause after failures in a row: twice as long after each, up to a bound, and by chance between half of that
 * and all of it, so that clients that failed together do not come back together.
 *
 * @param firstNanos bound of the first pause
 * @param longestNanos bound of all pauses
 */
public record Backoff(long firstNanos, long longestNanos) {
    private static final int MOST_DOUBLINGS = 10;

    /** A pause between these bounds. */
    public static Backoff of(Duration first, Duration longest) {
        return new Backoff(first.toNanos(), longest.toNanos());
    }

    /**
     * The next pause, in ns.
     *
     * @param failures failures before the last one; less than 0 counts as 0
     */
    public long pauseNanos(int failures) {
        long bound = Math.min(longestNanos, firstNanos << Math.min(MOST_DOUBLINGS, Math.max(0, failures)));
        return bound / 2 + ThreadLocalRandom.current().nextLong(bound / 2 + 1);
    }

    /** The next pause; see {@link #pauseNanos}. */
    public Duration pause(int failures) {
        return Duration.ofNanos(pauseNanos(failures));
    }
}
