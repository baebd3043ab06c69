package dev.store.jepsen.processes;

import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Cluster;
import dev.store.jepsen.cluster.MemberHashes;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.history.Recorder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a running cluster of three, the same one for as long as they pass: starting it costs seconds. After each
 * test every node is brought back and all members must hold the same; after a failure the logs are kept and the next test
 * gets a new cluster.
 */
final class SharedCluster implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
    /** Logs and snapshots so small that a follower which was away for a moment needs a snapshot. */
    static final Map<String, String> SMALL_LOG = Map.of(
            "snapshot.log-bytes", "1MiB",
            "snapshot.interval", "0s",
            "snapshot.keep-log-entries", "0",
            "history.keep-time", "0s");

    private static final Duration REST = Await.PATIENCE;

    private static @Nullable Cluster cluster;
    private static @Nullable Recorder recorder;

    /** A history of the running test, kept if it fails. */
    static Recorder newRecorder() {
        Recorder fresh = new Recorder();
        recorder = fresh;
        return fresh;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (cluster == null) {
            cluster = Cluster.start(3, SMALL_LOG);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Cluster used = cluster;
        if (used == null) {
            return;
        }
        if (context.getExecutionException().isPresent()) {
            giveUp(context, used);
            return;
        }
        try {
            for (Node node : used.nodes()) {
                if (node.isPaused()) {
                    node.resume();
                }
                if (!node.isRunning()) {
                    node.start();
                }
            }
            used.awaitReady(REST);
            MemberHashes.requireEqual(used, REST);
        } catch (RuntimeException e) {
            giveUp(context, used);
            throw e;
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Cluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (cluster == null) {
            throw new IllegalStateException("no cluster");
        }
        return cluster;
    }

    /** Where logs and histories of a failed test are kept. */
    static Path failures(ExtensionContext context) {
        return Path.of(
                "target",
                "failures",
                context.getRequiredTestClass().getSimpleName() + "."
                        + context.getRequiredTestMethod().getName());
    }

    private static void giveUp(ExtensionContext context, Cluster used) {
        Path folder = failures(context);
        used.keepLogs(folder);
        if (recorder != null) {
            recorder.history().writeTo(folder);
        }
        System.err.println("logs of the nodes, and the history: " + folder.toAbsolutePath());
        cluster = null;
        used.close();
    }
}
