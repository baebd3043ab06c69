package dev.store.jepsen.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.jepsen.nemesis.Recovery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public class SummaryTest {
    private final RunRecord good = record("set", "kill", RunRecord.VALID, figures(100, 2, "kill-all"), List.of());
    private final RunRecord bad = record("set", "kill", RunRecord.VIOLATION, figures(10, 1, "kill-one"), List.of());
    private final RunRecord empty = record("bank", "none", RunRecord.INVALID, figures(5, 1, "kill-one"), List.of());

    @Test
    void whatAnInvalidRunDidCountsForNothing() {
        Summary summary = Summary.of(List.of(good, bad, empty), 4);

        assertThat(summary.histories()).isEqualTo(3);
        assertThat(summary.violations()).isEqualTo(1);
        assertThat(summary.invalid()).isEqualTo(1);
        assertThat(summary.repeated()).isEqualTo(4);
        assertThat(summary.answered()).isEqualTo(110);
        assertThat(summary.bites()).isEqualTo(3);
        assertThat(summary.faults()).isEqualTo(Map.of("kill-all", 2L, "kill-one", 1L));
    }

    @Test
    void aPairOfWorkloadAndFaultHasTheWorstVerdictOfItsRuns() {
        assertThat(Summary.of(List.of(good, bad, empty), 0).rows())
                .containsExactly(
                        new Summary.Row("set", "kill", 2, 110, 0, 3, 0, RunRecord.VIOLATION),
                        new Summary.Row("bank", "none", 1, 0, 0, 0, 0, RunRecord.INVALID));
    }

    @Test
    void waysInWhichDamagedNodesCameBackAreCounted() {
        List<String> log = List.of(
                "flip-bytes: db/CURRENT: 2 bytes flipped at 3; back by itself; whole again after 900 ms",
                "flip-bytes: db/1.sst: 2 bytes flipped at 3; stopped with 70; replaced; whole again after 900 ms",
                "zero-block: db/1.sst: block zeroed at 0; serves, but cannot read all that it has; replaced; whole again",
                "kill-one: n1 gone; whole again after 900 ms",
                "n2 had stopped by itself: stopped with 70; replaced");

        Summary summary =
                Summary.of(List.of(record("set", "corruption", RunRecord.VALID, figures(1, 1, "flip-bytes"), log)), 0);

        assertThat(summary.recoveries())
                .isEqualTo(Map.of(
                        "flip-bytes", Map.of(Recovery.BY_ITSELF, 1L, Recovery.STOPPED, 1L),
                        "zero-block", Map.of(Recovery.UNREADABLE, 1L),
                        "noticed later", Map.of(Recovery.STOPPED, 1L)));
        assertThat(SummaryFiles.markdown(summary)).contains("| flip-bytes | 1 | 1 | 0 |");
    }

    @Test
    void bothFilesHaveTheFailovers(@TempDir Path folder) throws Exception {
        Figures figures = new Figures(7, 0, 0, List.of(), List.of(), List.of(new Failover("kill-leader", 1.5)));

        SummaryFiles.write(
                Summary.of(List.of(record("set", "kill-leader", RunRecord.VALID, figures, List.of())), 0), folder);

        assertThat(Files.readString(folder.resolve("summary.md")))
                .contains("| `kill-leader` | 1 | 1.50 | 1.50 | 1.50 | 0 |")
                .contains("| `set` | `kill-leader` | 1 | 7 | 0 | 0 | 0 | VALID |");
        assertThat(Files.readString(folder.resolve("summary.json"))).contains("\"medianSeconds\": 1.5");
    }

    /** Figures of so many operations and faults that bit. */
    public static Figures figures(long ok, int bites, String fault) {
        Figures.Strike strike = new Figures.Strike(fault, 1, 2, 0.5, true);
        return new Figures(ok, 1, 0, List.of(), java.util.Collections.nCopies(bites, strike), List.of());
    }

    /** What a run leaves. */
    public static RunRecord record(String workload, String fault, String status, Figures figures, List<String> faults) {
        return new RunRecord(workload, fault, "--seed 7", status, 1, 0, 9, Map.of(), List.of(), faults, figures);
    }
}
