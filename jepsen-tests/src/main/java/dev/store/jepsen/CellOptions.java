package dev.store.jepsen;

import dev.store.jepsen.nemesis.FaultGroup;
import dev.store.jepsen.run.Cell;
import dev.store.jepsen.run.WorkloadKind;
import dev.store.jepsen.series.Plans;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What all runs have in common. */
final class CellOptions {
    private static final int DEFAULT_NODES = 3;

    @Option(names = "--nodes", paramLabel = "N", description = "Nodes of the cluster: 3 or 5. Default: 3.")
    private @Nullable Integer nodes;

    @Option(names = "--seed", paramLabel = "N", description = "Decides what is left to chance. Default: the time.")
    private @Nullable Long seed;

    @Option(
            names = "--output",
            paramLabel = "FOLDER",
            description = "Where the runs are kept. Default: target/jepsen in the checkout.")
    private @Nullable Path output;

    @Option(names = "--loopback", description = "All nodes on 127.0.0.1, also where network namespaces could be had.")
    private boolean loopback;

    boolean namespaces() {
        return !loopback;
    }

    int nodes() {
        return nodes == null ? DEFAULT_NODES : nodes;
    }

    /** For what is resumed: refuses what was decided otherwise when it began. */
    void requireSame(int plannedNodes, long plannedSeed, boolean plannedLoopback) {
        Plans.same("--nodes", nodes, plannedNodes);
        Plans.same("--seed", seed, plannedSeed);
        Plans.same("--loopback", loopback ? true : null, plannedLoopback);
        if (output != null) {
            throw new IllegalArgumentException("--output: " + output + " (expected: none with --resume)");
        }
    }

    long seed() {
        return seed == null ? System.currentTimeMillis() % 1_000_000 : seed;
    }

    Cell cell(WorkloadKind workload, FaultGroup faults, int seconds, long chosen) {
        if (nodes() != 3 && nodes() != 5) {
            throw new IllegalArgumentException("--nodes: " + nodes() + " (expected: 3 or 5)");
        }
        if (seconds < 1) {
            throw new IllegalArgumentException("--time: " + seconds + " (expected: at least 1)");
        }
        return new Cell(workload, faults, seconds, nodes(), chosen);
    }

    /** Says what cannot be done here, and refuses it if that is all of it. */
    static void requirePossible(FaultGroup faults) {
        String obstacle = faults.obstacle();
        if (obstacle.isEmpty()) {
            return;
        }
        if (faults != FaultGroup.ALL || faults.faults().isEmpty()) {
            throw new IllegalArgumentException("--fault: " + faults.word() + " cannot be done here: " + obstacle);
        }
        System.out.println("some faults are left out: " + obstacle);
    }

    /** A folder for what is done now. */
    Path folder(String name) {
        Path root = output == null ? Path.of(System.getProperty("store.home", "."), "target", "jepsen") : output;
        return root.resolve(
                DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").format(LocalDateTime.now(ZoneId.systemDefault())) + "-"
                        + name);
    }
}
