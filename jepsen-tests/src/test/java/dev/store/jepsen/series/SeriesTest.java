package dev.store.jepsen.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.store.jepsen.nemesis.FaultGroup;
import dev.store.jepsen.report.Failover;
import dev.store.jepsen.report.Figures;
import dev.store.jepsen.report.JsonFile;
import dev.store.jepsen.report.RunRecord;
import dev.store.jepsen.report.SummaryTest;
import dev.store.jepsen.run.Cell;
import dev.store.jepsen.run.WorkloadKind;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeriesTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final List<Cell> done = new ArrayList<>();
    private final Cell cell = new Cell(WorkloadKind.SET, FaultGroup.KILL, 15, 3, 7);

    @TempDir
    Path folder;

    @Test
    void whatIsValidIsKeptAsItWas() {
        RunRecord first = series(RunRecord.VALID).take(cell);
        Series second = series(RunRecord.INVALID);

        assertThat(second.take(cell)).isEqualTo(first);
        assertThat(second.finish()).isZero();
        assertThat(done).hasSize(1);
        assertThat(folder.resolve("index.html")).content().contains("set under kill");
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("1 histories", "0 violations");
    }

    @Test
    void aViolationIsNeverRunAway() {
        series(RunRecord.VIOLATION).take(cell);
        Series second = series(RunRecord.VALID);
        second.take(cell);

        assertThat(done).hasSize(1);
        assertThat(second.finish()).isEqualTo(1);
        assertThat(second.summary().violations()).isEqualTo(1);
    }

    @Test
    void whatShowedNothingIsDoneAgainAndItsEvidenceStays() {
        series(RunRecord.INVALID).take(cell);
        series(RunRecord.INVALID).take(cell);
        Series third = series(RunRecord.VALID);
        third.take(cell);

        assertThat(done).hasSize(3);
        assertThat(folder.resolve(cell.name() + ".invalid-1").resolve(RunRecord.FILE))
                .exists();
        assertThat(folder.resolve(cell.name() + ".invalid-2").resolve(RunRecord.FILE))
                .exists();
        assertThat(third.summary().repeated()).isEqualTo(2);
        assertThat(third.finish()).isZero();
    }

    @Test
    void aRunThatWasStoppedIsDoneAgain() throws Exception {
        Path place = folder.resolve(cell.name());
        Files.createDirectories(place);
        Files.writeString(place.resolve("history.edn"), "");
        Series series = series(RunRecord.VALID);
        series.take(cell);

        assertThat(done).hasSize(1);
        assertThat(folder.resolve(cell.name() + ".stopped-1").resolve("history.edn"))
                .exists();
        assertThat(series.summary().repeated()).isZero();
    }

    @Test
    void aRunOfAnotherLengthIsNotTakenForIt() {
        series(RunRecord.VALID).take(cell);

        assertThatThrownBy(() -> series(RunRecord.VALID).take(new Cell(WorkloadKind.SET, FaultGroup.KILL, 20, 3, 7)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--time 15")
                .hasMessageContaining("--time 20");
    }

    @Test
    void aCampaignEndsWhenEnoughHasBittenAndGoesOnWhereItWasStopped() {
        CampaignPlan plan = new CampaignPlan(WorkloadKind.SET, FaultGroup.KILL_LEADER, 5, 60, 3, 7, false);
        Campaign stopped = new Campaign(plan);
        assertThat(stopped.run(series(RunRecord.VALID))).isTrue();
        // Two bites a round: three rounds.
        assertThat(done).extracting(Cell::seed).containsExactly(7L, 8L, 9L);
        assertThat(stopped.bites()).isEqualTo(6);

        assertThat(new Campaign(plan).run(series(RunRecord.INVALID))).isTrue();
        assertThat(done).hasSize(3);
    }

    @Test
    void aCampaignInWhichNothingBitesEnds() {
        CampaignPlan plan = new CampaignPlan(WorkloadKind.SET, FaultGroup.KILL_LEADER, 5, 60, 3, 7, false);
        Campaign campaign = new Campaign(plan);

        assertThat(campaign.run(series(RunRecord.INVALID))).isFalse();
        assertThat(campaign.bites()).isZero();
        assertThat(done).hasSize(3);
    }

    @Test
    void plansAreReadAsTheyWereWritten() {
        MatrixPlan matrix = new MatrixPlan("quick", ".*", 15, 3, 7, true, List.of(cell));
        CampaignPlan campaign = new CampaignPlan(WorkloadKind.SET, FaultGroup.POWER_ALL, 30, 60, 5, 7, false);
        matrix.keep(folder);
        campaign.keep(folder);

        assertThat(MatrixPlan.of(folder)).isEqualTo(matrix);
        assertThat(CampaignPlan.of(folder)).isEqualTo(campaign);
    }

    @Test
    void whatIsNoPlanIsRefused() throws Exception {
        assertThatThrownBy(() -> MatrixPlan.of(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("matrix.json");
        Files.writeString(folder.resolve(MatrixPlan.FILE), "{}");
        assertThatThrownBy(() -> MatrixPlan.of(folder)).isInstanceOf(IllegalArgumentException.class);
        Plans.same("--seed", null, 7L);
        Plans.same("--seed", 7L, 7L);
        assertThatThrownBy(() -> Plans.same("--seed", 8L, 7L))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--seed: 8 (expected: none, or 7");
    }

    /** A series of runs that end so, in each of which two faults bite. */
    private Series series(String status) {
        return new Series(
                folder,
                (made, place) -> {
                    done.add(made);
                    RunRecord run = run(made, status);
                    JsonFile.write(place.resolve(RunRecord.FILE), run);
                    return run;
                },
                new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    private static RunRecord run(Cell cell, String status) {
        Figures counted = SummaryTest.figures(100, 2, "kill-leader");
        Figures figures = new Figures(
                counted.ok(),
                counted.failed(),
                counted.unknown(),
                List.of(new Figures.Second(100, 1, 0, 1.5, 9.25)),
                counted.strikes(),
                List.of(new Failover("kill-leader", 1.25), new Failover("kill-leader", null)));
        return new RunRecord(
                cell.workload().word(),
                cell.faults().word(),
                cell.toString(),
                status,
                0,
                0,
                30,
                Map.of("traffic", 20_000L),
                List.of("a <reason> of #1"),
                List.of("kill-leader: n1 gone"),
                figures);
    }
}
