package dev.store.jepsen.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
    @Test
    void whatIsWrittenAsEdnIsReadBack(@TempDir Path folder) {
        Recorder recorder = new Recorder();
        Recorder.Worker worker = recorder.worker();
        worker.invoke("cas", List.of("a \"b\"\n", "c\\d"), Map.of("key", "k1"));
        worker.fail("compare-failed", Map.of("revision", 7L));
        worker.invoke("read", null, Map.of("key", "k1"));
        worker.ok("x", Map.of("revision", 8L, "node", "n2"));
        History history = recorder.history();

        history.writeTo(folder);

        assertThat(History.read(folder.resolve("history.edn"))).isEqualTo(history);
    }

    @Test
    void linesHaveJepsensForm(@TempDir Path folder) throws Exception {
        History history = new History(List.of(
                new Op(0, 5, 3, OpType.INVOKE, "write", "v", Map.of("key", "k")),
                new Op(1, 9, 3, OpType.OK, "write", null, Map.of("revision", 2L))));

        history.writeTo(folder);

        assertThat(Files.readAllLines(folder.resolve("history.edn")))
                .containsExactly(
                        "{:process 3, :type :invoke, :f :write, :value \"v\", :time 5, :index 0, :key \"k\"}",
                        "{:process 3, :type :ok, :f :write, :value nil, :time 9, :index 1, :revision 2}");
        assertThat(Files.readAllLines(folder.resolve("history.json")))
                .first()
                .isEqualTo("{\"process\":3,\"type\":\"invoke\",\"f\":\"write\",\"value\":\"v\",\"time\":5,\"index\":0,"
                        + "\"key\":\"k\"}");
    }

    @Test
    void aProcessEndsWithAnUnknownOutcome() {
        Recorder recorder = new Recorder();
        Recorder.Worker worker = recorder.worker();
        worker.invoke("write", "a", Map.of());
        worker.info("timeout", Map.of());
        worker.invoke("write", "b", Map.of());
        worker.ok(null, Map.of());

        List<Call> calls = recorder.history().calls();

        assertThat(calls).extracting(Call::outcome).containsExactly(OpType.INFO, OpType.OK);
        assertThat(calls.get(0).begin().process())
                .isNotEqualTo(calls.get(1).begin().process());
        assertThat(calls.get(0).endIndex()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void anOperationWithoutAnEndHasAnUnknownOutcome() {
        Recorder recorder = new Recorder();
        recorder.worker().invoke("write", "a", Map.of());

        assertThat(recorder.history().calls())
                .singleElement()
                .extracting(Call::outcome)
                .isEqualTo(OpType.INFO);
    }

    @Test
    void textThatIsNoHistoryIsRefusedWithItsPlace(@TempDir Path folder) throws Exception {
        Path edn = folder.resolve("history.edn");
        Files.writeString(edn, "{:process 1, :type :went, :f :read, :value nil, :time 0, :index 0}\n");

        assertThatThrownBy(() -> History.read(edn))
                .hasMessageContaining(":went")
                .hasMessageContaining("expected");
        assertThatThrownBy(() -> Edn.read("{:a 1")).hasMessageContaining("the end at 5");
        assertThatThrownBy(() -> Edn.read("[1 2] 3")).hasMessageContaining("expected: the end");
    }
}
