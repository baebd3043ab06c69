package dev.store.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.store.server.CommandLine.Action;
import dev.store.server.config.ConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandLineTest {
    @Test
    void flagsTakeTheirValueAttachedOrFromTheNextWord() {
        CommandLine line = CommandLine.parse(
                List.of("--node.name=n1", "--log.level", "debug", "--config", "x.yaml", "--node.data=a=b"));

        assertThat(line.action()).isEqualTo(Action.START);
        assertThat(line.configFile()).isEqualTo(Path.of("x.yaml"));
        assertThat(line.flags()).isEqualTo(Map.of("node.name", "n1", "log.level", "debug", "node.data", "a=b"));
    }

    @Test
    void aSwitchMayStandAlone() {
        assertThat(CommandLine.parse(List.of("--cluster.join")).flags()).isEqualTo(Map.of("cluster.join", "true"));
        assertThat(CommandLine.parse(List.of("--cluster.join", "--node.name=b")).flags())
                .isEqualTo(Map.of("cluster.join", "true", "node.name", "b"));
        assertThat(CommandLine.parse(List.of("--cluster.join", "false")).flags())
                .isEqualTo(Map.of("cluster.join", "false"));
        assertThat(CommandLine.parse(List.of("--cluster.join=false")).flags())
                .isEqualTo(Map.of("cluster.join", "false"));
    }

    @Test
    void everythingThatMakesNoSenseIsReported() {
        assertThatThrownBy(() -> CommandLine.parse(
                        List.of("start", "--node.name=a", "--node.name=b", "-o", "xml", "--raft.listen")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("start: unexpected argument")
                .hasMessageContaining("--node.name: set twice")
                .hasMessageContaining("-o: \"xml\" (expected: yaml or json)")
                .hasMessageContaining("--raft.listen: no value");
    }

    @Test
    void helpWinsOverMistakes() {
        assertThat(CommandLine.parse(List.of("what", "--help")).action()).isEqualTo(Action.HELP);
    }

    @Test
    void printConfigCanPrintJson() {
        CommandLine line = CommandLine.parse(List.of("--print-config", "-o", "json"));

        assertThat(line.action()).isEqualTo(Action.PRINT_CONFIG);
        assertThat(line.json()).isTrue();
    }
}
