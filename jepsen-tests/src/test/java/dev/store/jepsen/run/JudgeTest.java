package dev.store.jepsen.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.store.jepsen.check.Change;
import dev.store.jepsen.check.Sighting;
import dev.store.jepsen.check.SightingText;
import dev.store.jepsen.check.Verdict;
import dev.store.jepsen.history.History;
import dev.store.jepsen.history.Recorder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgeTest {
    private final Recorder recorder = new Recorder();
    private final Recorder.Worker worker = recorder.worker();

    @Test
    void aHistoryThatWasKeptIsJudgedAsItWasBefore(@TempDir Path folder) {
        begin(WorkloadKind.REGISTER);
        worker.invoke("write", "1", Map.of("key", "register/k"));
        worker.ok(null, Map.of("revision", 2L));
        end(List.of(new Change(2, "register/k", "1")), List.of(new Sighting.Began(1), new Sighting.Progress(2)));
        recorder.history().writeTo(folder);

        History kept = History.read(folder.resolve("history.edn"));

        assertThat(Judge.verdicts(kept)).isEqualTo(Judge.verdicts(recorder.history()));
        assertThat(Judge.verdicts(kept))
                .filteredOn(verdict -> !verdict.valid())
                .extracting(Verdict::checker)
                .containsExactly("watch w");
        assertThat(Runner.worst(Judge.verdicts(kept), new ArrayList<>())).isEqualTo(Outcome.Status.VIOLATION);
    }

    @Test
    void membersThatDifferAreAViolation() {
        begin(WorkloadKind.SET);
        worker.invoke("compare-members", null, Map.of());
        worker.fail("members differ", Map.of());

        assertThat(Runner.worst(Judge.verdicts(withTimeline()), new ArrayList<>()))
                .isEqualTo(Outcome.Status.VIOLATION);
    }

    @Test
    void membersThatWereNotComparedAreNoPass() {
        begin(WorkloadKind.SET);

        assertThat(Runner.worst(Judge.verdicts(withTimeline()), new ArrayList<>()))
                .isEqualTo(Outcome.Status.INVALID_RUN);
    }

    @Test
    void aHistoryOfNoRunIsRefused() {
        assertThatThrownBy(() -> Judge.verdicts(recorder.history())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyWorkloadHasAJudge() {
        for (WorkloadKind kind : WorkloadKind.values()) {
            Recorder fresh = new Recorder();
            Recorder.Worker one = fresh.worker();
            one.invoke("run", "", Map.of("key", kind.word()));
            one.ok("", Map.of());
            one.invoke("timeline", null, Map.of());
            one.ok(List.of(), Map.of());
            one.invoke("compare-members", null, Map.of());
            one.ok(2L, Map.of());

            assertThat(Judge.verdicts(fresh.history())).as(kind.word()).allMatch(Verdict::valid);
        }
    }

    private void begin(WorkloadKind kind) {
        worker.invoke("run", "", Map.of("key", kind.word()));
        worker.ok("", Map.of());
    }

    private History withTimeline() {
        worker.invoke("timeline", null, Map.of());
        worker.ok(List.of(), Map.of());
        return recorder.history();
    }

    private void end(List<Change> changes, List<Sighting> sightings) {
        worker.invoke("watched", "w", Map.of("key", "register/"));
        worker.ok(SightingText.write(sightings), Map.of("until", 2L));
        worker.invoke("timeline", null, Map.of());
        worker.ok(SightingText.writeChanges(changes), Map.of());
        worker.invoke("compare-members", null, Map.of());
        worker.ok(2L, Map.of());
    }
}
