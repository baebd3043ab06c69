package dev.store.bench.figures;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes measurements for people, as a table that is Markdown too. */
public final class Table {
    private static final List<String> HEADER = List.of(
            "workload",
            "phase",
            "ops/s",
            "p50 ms",
            "p90",
            "p99",
            "p99.9",
            "max",
            "server µs/op",
            "client µs/op",
            "disk B/op",
            "RSS MiB",
            "errors");

    private Table() {}

    /** The table. */
    public static String of(List<Measurement> measurements) {
        List<List<String>> rows = new java.util.ArrayList<>();
        rows.add(HEADER);
        for (Measurement measurement : measurements) {
            rows.add(row(measurement, measurement.workload(), measurement.perSecond(), measurement.latency()));
            if (measurement.events() > 0) {
                rows.add(row(
                        measurement,
                        measurement.workload() + ": events",
                        measurement.eventsPerSecond(),
                        measurement.eventLatency()));
            }
        }
        return Grid.of(rows);
    }

    private static List<String> row(Measurement measurement, String name, double perSecond, Latency latency) {
        return List.of(
                name,
                measurement.phase(),
                String.format(Locale.ROOT, "%.0f", perSecond),
                millis(latency.p50()),
                millis(latency.p90()),
                millis(latency.p99()),
                millis(latency.p999()),
                millis(latency.max()),
                number(measurement.serverMicrosPerOp()),
                number(measurement.clientMicrosPerOp()),
                String.format(Locale.ROOT, "%.0f", measurement.diskBytesPerOp()),
                String.format(Locale.ROOT, "%d", measurement.server().residentBytes() >> 20),
                errors(measurement.errors()));
    }

    private static String errors(Map<String, Long> errors) {
        return errors.isEmpty()
                ? "0"
                : errors.entrySet().stream()
                        .map(error -> error.getKey() + " " + error.getValue())
                        .collect(Collectors.joining(", "));
    }

    private static String millis(long micros) {
        return String.format(Locale.ROOT, "%.2f", micros / 1e3);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%.0f", value);
    }
}
