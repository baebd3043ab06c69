package dev.store.bench.load;

import java.time.Duration;

/**
 * How load is put on.
 *
 * @param clients logical clients, each with one operation at a time
 * @param rate operations wanted in a second, started on time whatever the answers do; 0 means that each client starts
 *     its next operation when the one before has ended
 * @param warmUp before what is measured
 * @param measured how long is measured
 * @param cold how much of the warm-up is reported as the cold start
 */
public record Plan(int clients, double rate, Duration warmUp, Duration measured, Duration cold) {
    public Plan {
        if (clients < 1) {
            throw new IllegalArgumentException("clients: " + clients + " (expected: at least 1)");
        }
        if (rate < 0) {
            throw new IllegalArgumentException("rate: " + rate + " (expected: at least 0)");
        }
        if (measured.isNegative() || measured.isZero()) {
            throw new IllegalArgumentException("seconds: " + measured.toSeconds() + " (expected: at least 1)");
        }
        if (cold.compareTo(warmUp) > 0) {
            throw new IllegalArgumentException(
                    "warm-up: " + warmUp.toSeconds() + " s (expected: at least " + cold.toSeconds() + " s)");
        }
    }
}
