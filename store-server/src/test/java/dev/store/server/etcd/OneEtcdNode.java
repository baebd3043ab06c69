package dev.store.server.etcd;

import dev.store.server.testing.TestCluster;
import dev.store.server.testing.TestCluster.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One node over the wire; each test has keys of its own, below {@link #name}. */
@Timeout(60)
abstract class OneEtcdNode {
    @TempDir
    static Path folder;

    private static TestCluster cluster;
    Node node;
    EtcdStubs etcd;
    String name;

    @BeforeAll
    static void start() throws IOException {
        cluster = TestCluster.start(folder, 1, Map.of());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void name(TestInfo test) {
        node = cluster.node(0);
        etcd = new EtcdStubs(node.channel());
        name = test.getTestMethod().orElseThrow().getName();
    }

    /** A key of this test. */
    final String key(String last) {
        return name + "/" + last;
    }

    /** Where the keys of this test end. */
    final String end() {
        return name + "0";
    }
}
