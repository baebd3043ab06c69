package dev.store.server.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One node over the wire for all tests of a class; each has names of its own, which begin with {@link #name}. */
@Timeout(60)
public abstract class OneNode {
    @TempDir
    static Path folder;

    private static TestCluster cluster;
    private String name;

    @BeforeAll
    static void start() throws IOException {
        cluster = TestCluster.start(folder, 1, Map.of());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void remember(TestInfo test) {
        name = test.getTestMethod().orElseThrow().getName();
    }

    protected final TestCluster.Node node() {
        return cluster.node(0);
    }

    /** The name of the running test. */
    protected final String name() {
        return name;
    }
}
