package dev.store.bench.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class MeasurementTest {
    @Test
    void figuresAreSharedAmongTheOperations() {
        Measurement put = measurement(0, 4_000);

        assertThat(put.perSecond()).isEqualTo(50.0);
        assertThat(put.serverMicrosPerOp()).isEqualTo(40.0);
        assertThat(put.diskBytesPerOp()).isEqualTo(7.0);
    }

    @Test
    void costOfAWatchIsSharedAmongItsEvents() {
        Measurement watch = measurement(1_000, 4_000);

        assertThat(watch.eventsPerSecond()).isEqualTo(500.0);
        assertThat(watch.serverMicrosPerOp()).isEqualTo(4.0);
    }

    @Test
    void nothingDoneIsNoDivisionByZero() {
        Measurement nothing = new Measurement(
                "put",
                "warm",
                1,
                Latency.of(new Histogram(3)),
                0,
                Latency.of(new Histogram(3)),
                ProcessFigures.NONE,
                ProcessFigures.NONE,
                0,
                new TreeMap<>());

        assertThat(nothing.serverMicrosPerOp()).isZero();
        assertThat(Table.of(List.of(nothing))).contains("| put");
    }

    @Test
    void jsonHoldsTheFiguresByName() {
        String json = Json.of(measurement(0, 4_000).asMap());

        assertThat(json)
                .contains("\"workload\": \"put \\\"x\\\"\"")
                .contains("\"operations_per_second\": 50.000")
                .contains("\"errors\": {\"NO_LEADER\": 3}");
    }

    private static Measurement measurement(long events, long serverMicros) {
        Histogram histogram = new Histogram(3);
        histogram.recordValueWithCount(2_000_000, 100);
        TreeMap<String, Long> errors = new TreeMap<>();
        errors.put("NO_LEADER", 3L);
        return new Measurement(
                "put \"x\"",
                "warm",
                2,
                Latency.of(histogram),
                events,
                Latency.of(histogram),
                new ProcessFigures(serverMicros, 1 << 20, 1 << 20),
                new ProcessFigures(10, 0, 0),
                700,
                errors);
    }
}
