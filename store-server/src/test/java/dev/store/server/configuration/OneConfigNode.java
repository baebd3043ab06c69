package dev.store.server.configuration;

import static dev.store.server.configuration.Wire.config;
import static dev.store.server.configuration.Wire.key;

import dev.store.api.v1.ConfigEntry;
import dev.store.api.v1.ConfigHistoryRequest;
import dev.store.server.testing.TestCluster;
import dev.store.server.testing.TestCluster.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One node over the wire; each test has groups of its own. */
@Timeout(60)
abstract class OneConfigNode {
    @TempDir
    static Path folder;

    private static TestCluster cluster;
    Node node;
    String group;

    @BeforeAll
    static void start() throws IOException {
        cluster = TestCluster.start(folder, 1, Map.of());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void group(TestInfo test) {
        node = cluster.nodes().get(0);
        group = test.getTestMethod().orElseThrow().getName();
    }

    final String entry(String name) {
        return group + "/" + name;
    }

    List<ConfigEntry> history(String entry) {
        return config(node)
                .history(ConfigHistoryRequest.newBuilder().setKey(key(entry)).build())
                .getVersionsList();
    }
}
