package dev.store.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigPrinterTest {
    private static final Map<String, String> FLAGS = Map.of(
            "node.data", "a \"quoted\" # folder",
            "cluster.members", "n1=127.0.0.1:7401/127.0.0.1:7400, n2=127.0.0.1:7411/127.0.0.1:7410",
            "cluster.name", "true");

    @TempDir
    Path folder;

    @Test
    void whatIsPrintedAsYamlReadsBackAsTheSameConfiguration() throws IOException {
        EffectiveConfig effective = ConfigLoader.load(new ConfigSources(null, Map.of(), FLAGS));
        Path file = Files.writeString(folder.resolve("store.yaml"), ConfigPrinter.yaml(effective));

        EffectiveConfig again = ConfigLoader.load(new ConfigSources(file, Map.of(), Map.of()));

        assertThat(again.config()).isEqualTo(effective.config());
    }

    @Test
    void eachValueIsPrintedWithItsOrigin() {
        String yaml = ConfigPrinter.yaml(ConfigLoader.load(
                new ConfigSources(null, Map.of("STORE_LOG_LEVEL", "warn"), Map.of("node.name", "n7"))));

        assertThat(yaml).contains("  name: n7  # --node.name\n");
        assertThat(yaml).contains("  level: warn  # STORE_LOG_LEVEL\n");
        assertThat(yaml).contains("  listen: 127.0.0.1:7400  # default\n");
    }

    @Test
    void jsonNamesEveryKeyWithValueAndOrigin() {
        String json = ConfigPrinter.json(ConfigLoader.load(new ConfigSources(null, Map.of(), FLAGS)));

        assertThat(json)
                .contains("\"node.data\": {\"value\": \"a \\\"quoted\\\" # folder\", \"origin\": \"--node.data\"}");
        for (Key<?> key : Keys.all()) {
            assertThat(json).contains("\"" + key.name() + "\": ");
        }
    }
}
