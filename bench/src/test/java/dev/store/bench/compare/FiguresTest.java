package dev.store.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.store.bench.cluster.ClusterException;
import dev.store.bench.figures.Latency;
import dev.store.bench.figures.Measurement;
import dev.store.bench.figures.ProcessFigures;
import dev.store.bench.work.Work;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FiguresTest {
    private static final Latency OPERATIONS = new Latency(100, 2_000, 3_000, 4_000, 5_000, 6_000);
    private static final Latency EVENTS = new Latency(10_000, 20_000, 30_000, 40_000, 50_000, 60_000);

    @Test
    void putIsCountedAndTimedByItsOperations() {
        Map<Metric, Double> figures = Figures.of(Work.PUT, measured(0));

        assertThat(figures)
                .containsEntry(Metric.PER_SECOND, 50.0)
                .containsEntry(Metric.P99, 4.0)
                .containsEntry(Metric.RESIDENT, 3.0);
    }

    @Test
    void watchIsCountedAndTimedByItsEvents() {
        Map<Metric, Double> figures = Figures.of(Work.WATCH, measured(0));

        assertThat(figures).containsEntry(Metric.PER_SECOND, 5_000.0).containsEntry(Metric.P50, 20.0);
    }

    @Test
    void contendedLockTellsItsHandOverBesideItsCycles() {
        Map<Metric, Double> figures = Figures.of(Work.LOCK_CONTENDED, measured(0));

        assertThat(figures)
                .containsEntry(Metric.PER_SECOND, 50.0)
                .containsEntry(Metric.P50, 2.0)
                .containsEntry(Metric.HAND_OVER_P50, 20.0);
    }

    @Test
    void stretchThatMostlyFailedIsAnErrorRatherThanAFigure() {
        assertThat(Figures.of(Work.PUT, measured(5))).containsKey(Metric.ERRORS);
        assertThatThrownBy(() -> Figures.of(Work.PUT, measured(50)))
                .isInstanceOf(ClusterException.class)
                .hasMessage(
                        "put: 100 operations succeeded, and failed: {UNAVAILABLE=50} (expected: at most 10.0 % fail)");
    }

    @Test
    void stretchInWhichNothingEndedIsAnError() {
        Measurement nothing = new Measurement(
                "watch",
                "warm",
                2,
                new Latency(0, 0, 0, 0, 0, 0),
                0,
                new Latency(0, 0, 0, 0, 0, 0),
                ProcessFigures.NONE,
                ProcessFigures.NONE,
                0,
                new TreeMap<>());

        assertThatThrownBy(() -> Figures.of(Work.WATCH, nothing)).isInstanceOf(ClusterException.class);
    }

    private static Measurement measured(long failed) {
        TreeMap<String, Long> errors = new TreeMap<>();
        if (failed > 0) {
            errors.put("UNAVAILABLE", failed);
        }
        return new Measurement(
                "any",
                "warm",
                2,
                OPERATIONS,
                EVENTS.count(),
                EVENTS,
                new ProcessFigures(1_000_000, 3 << 20, 4 << 20),
                ProcessFigures.NONE,
                0,
                errors);
    }
}
