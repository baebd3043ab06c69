package dev.store.bench.compare;

import dev.store.bench.cluster.ClusterException;
import dev.store.bench.figures.Latency;
import dev.store.bench.figures.Measurement;
import dev.store.bench.work.Work;
import java.util.EnumMap;
import java.util.Map;

/** What of a measurement is compared. */
final class Figures {
    /** Beyond that a stretch measures how errors are made. */
    private static final double MOST_ERRORS_PERCENT = 10;

    private Figures() {}

    /** The figures of a measured stretch; fails if too much of it failed. */
    static Map<Metric, Double> of(Work work, Measurement measured) {
        long succeeded = measured.latency().count();
        long failed =
                measured.errors().values().stream().mapToLong(Long::longValue).sum();
        double errors = succeeded + failed == 0 ? 100 : 100.0 * failed / (succeeded + failed);
        if (errors > MOST_ERRORS_PERCENT) {
            throw new ClusterException(work.label() + ": " + succeeded + " operations succeeded, and failed: "
                    + measured.errors() + " (expected: at most " + MOST_ERRORS_PERCENT + " % fail)");
        }
        Latency latency = work.countsEvents() ? measured.eventLatency() : measured.latency();
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        values.put(Metric.PER_SECOND, work.countsEvents() ? measured.eventsPerSecond() : measured.perSecond());
        values.put(Metric.SERVER_CPU, measured.serverMicrosPerOp());
        values.put(Metric.CLIENT_CPU, measured.clientMicrosPerOp());
        values.put(Metric.P50, latency.p50() / 1e3);
        values.put(Metric.P99, latency.p99() / 1e3);
        values.put(Metric.P999, latency.p999() / 1e3);
        if (work == Work.LOCK_CONTENDED) {
            values.put(Metric.HAND_OVER_P50, measured.eventLatency().p50() / 1e3);
            values.put(Metric.HAND_OVER_P99, measured.eventLatency().p99() / 1e3);
        }
        values.put(Metric.DISK, measured.diskBytesPerOp());
        values.put(Metric.RESIDENT, measured.server().residentBytes() / (double) (1 << 20));
        values.put(Metric.ERRORS, errors);
        return values;
    }
}
