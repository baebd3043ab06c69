package dev.store.jepsen.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.jepsen.history.History;
import dev.store.jepsen.history.Recorder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PageTest {
    private final Recorder recorder = new Recorder();

    @Test
    void aPageTellsTheVerdictTheFaultsAndTheOperationsOfAViolation() {
        Recorder.Worker client = recorder.worker();
        client.invoke("write", "<1>", Map.of("key", "k"));
        client.ok(null, Map.of("revision", 2L));
        client.invoke("read", null, Map.of("key", "k"));
        client.ok("2", Map.of("revision", 2L));
        Recorder.Worker nemesis = recorder.worker();
        nemesis.invoke("nemesis-kill-leader", null, Map.of());
        nemesis.ok(null, Map.of("proof", "gone"));
        History history = recorder.history();
        List<String> reasons = List.of("linearizable: INVALID\n  key k: no order explains #2 process 0 read");

        Witness witness = Witness.of(history, reasons);
        String page = Page.html(List.of(new Page.Section(
                new RunRecord(
                        "register",
                        "kill",
                        "--seed 7",
                        RunRecord.VIOLATION,
                        1,
                        0,
                        9,
                        Map.of(),
                        reasons,
                        List.of("kill-leader: gone"),
                        Figures.of(history)),
                witness)));

        assertThat(witness.calls()).extracting(call -> call.f()).containsExactly("read");
        assertThat(page)
                .contains("1 violations", "register under kill", "bin/jepsen run --seed 7", "kill-leader, ")
                .contains("class='ok named'")
                .doesNotContain("<1>", "http");
    }

    @Test
    void figuresCountTrafficOnly() {
        Recorder.Worker client = recorder.worker();
        client.invoke("run", "register", Map.of());
        client.ok(null, Map.of());
        client.invoke("add", 1L, Map.of());
        client.ok(1L, Map.of());
        client.invoke("add", 2L, Map.of());
        client.info("CONNECTION_LOST", Map.of());

        Figures figures = Figures.of(recorder.history());

        assertThat(figures.ok()).isEqualTo(1);
        assertThat(figures.unknown()).isEqualTo(1);
        assertThat(figures.bites()).isZero();
    }
}
