package dev.store.server.configuration;

import static dev.store.server.configuration.Wire.config;
import static dev.store.server.configuration.Wire.key;

import dev.store.api.v1.ConfigEntry;
import dev.store.api.v1.ConfigHistoryRequest;
import dev.store.server.testing.OneNode;
import dev.store.server.testing.TestCluster.Node;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** One node over the wire; each test has groups of its own. */
abstract class OneConfigNode extends OneNode {
    Node node;
    String group;

    @BeforeEach
    void prepare() {
        node = node();
        group = name();
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
