package dev.store.bench.figures;

import org.HdrHistogram.Histogram;

/**
 * How long operations took, in microseconds.
 *
 * @param count number of operations
 */
public record Latency(long count, long p50, long p90, long p99, long p999, long max) {
    /** Of a histogram of nanoseconds. */
    public static Latency of(Histogram nanos) {
        return new Latency(
                nanos.getTotalCount(),
                micros(nanos, 50),
                micros(nanos, 90),
                micros(nanos, 99),
                micros(nanos, 99.9),
                nanos.getMaxValue() / 1_000);
    }

    private static long micros(Histogram nanos, double percentile) {
        return nanos.getTotalCount() == 0 ? 0 : nanos.getValueAtPercentile(percentile) / 1_000;
    }
}
