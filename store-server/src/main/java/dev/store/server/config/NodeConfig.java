package dev.store.server.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Who this node is.
 *
 * @param name unique in the cluster
 * @param data folder of everything it keeps
 * @param shutdownTimeout longest time that a stop may take
 */
public record NodeConfig(String name, Path data, Duration shutdownTimeout) {
    public NodeConfig {
        Problems problems = new Problems();
        Checks.name(problems, "node.name", name);
        problems.check(!data.toString().isBlank(), "node.data", "empty", "a folder");
        Checks.between(
                problems, "node.shutdown-timeout", shutdownTimeout, Duration.ofSeconds(1), Duration.ofMinutes(10));
        problems.throwIfAny();
    }
}
