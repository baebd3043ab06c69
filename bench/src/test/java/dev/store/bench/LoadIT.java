package dev.store.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.bench.cluster.LocalCluster;
import dev.store.bench.figures.Measurement;
import dev.store.bench.load.Connections;
import dev.store.bench.load.Driver;
import dev.store.bench.load.LoadSettings;
import dev.store.bench.load.Plan;
import dev.store.bench.load.Servers;
import dev.store.bench.load.Workload;
import dev.store.bench.load.Workloads;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A second of each workload on one real node. */
@Timeout(180)
class LoadIT {
    private static final LoadSettings SETTINGS =
            new LoadSettings(1_000, false, 8, 256, 1_000, 100, false, 4, true, 20, 10);
    private static final Set<String> SEE_EVENTS = Set.of("watch", "service-watch", "config", "lock", "lock-contended");
    private static final Plan CLOSED = new Plan(4, 0, Duration.ZERO, Duration.ofSeconds(1), Duration.ZERO);
    private static final Plan OPEN = new Plan(4, 50, Duration.ZERO, Duration.ofSeconds(1), Duration.ZERO);

    @Test
    void everyWorkloadRunsOnARealNodeWithoutAnError() {
        Path folder;
        try (LocalCluster cluster = LocalCluster.start(Home.find(), 1, "");
                Connections connections = new Connections(cluster.endpoints(), 2, 1)) {
            folder = cluster.folder();
            Driver driver = new Driver(
                    new Servers(cluster.pids(), cluster.folder()),
                    new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
            for (String name : Workloads.NAMES) {
                Plan plan = name.equals("watch") ? OPEN : CLOSED;
                try (Workload workload = Workloads.named(name, connections, SETTINGS, plan.clients(), driver)) {
                    Measurement measured = driver.run(workload, plan).get(0);

                    assertThat(measured.errors()).as(name).isEmpty();
                    assertThat(measured.latency().count()).as(name).isPositive();
                    assertThat(measured.server().residentBytes()).as(name).isGreaterThan(1 << 20);
                    assertThat(measured.events() > 0)
                            .as("events of %s: %d", name, measured.events())
                            .isEqualTo(SEE_EVENTS.contains(name));
                }
            }
        }
        assertThat(Files.exists(folder)).isFalse();
    }
}
