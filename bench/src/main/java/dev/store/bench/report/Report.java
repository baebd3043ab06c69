package dev.store.bench.report;

import dev.store.bench.cluster.LocalCluster;
import dev.store.bench.figures.Measurement;
import dev.store.bench.figures.ProcessFigures;
import dev.store.bench.figures.Table;
import dev.store.bench.load.Connections;
import dev.store.bench.load.Driver;
import dev.store.bench.load.LoadSettings;
import dev.store.bench.load.Plan;
import dev.store.bench.load.Servers;
import dev.store.bench.load.Workload;
import dev.store.bench.load.Workloads;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Measures section after section and writes what came out. */
public final class Report {
    private static final int NODES = 3;
    private static final int THREADS = 2;
    private static final Duration COLD = Duration.ofSeconds(10);
    private static final Duration SETTLE = Duration.ofSeconds(5);
    private static final Duration REST = Duration.ofSeconds(10);

    private final Path home;
    private final String jvmOptions;
    private final Duration warmUp;
    private final Duration measured;
    private final long keys;
    private final PrintStream progress;
    private final List<Measurement> measurements = new ArrayList<>();
    private final List<MemoryFigure> memory = new ArrayList<>();
    /** Whether the cluster has not been put to work yet. */
    private boolean fresh;

    /**
     * Makes an empty report.
     *
     * @param jvmOptions replaces the nodes' memory and collector flags; empty for the defaults
     * @param keys keys of the section on memory
     */
    public Report(Path home, String jvmOptions, Duration warmUp, Duration measured, long keys, PrintStream progress) {
        this.home = home;
        this.jvmOptions = jvmOptions;
        this.warmUp = warmUp;
        this.measured = measured;
        this.keys = keys;
        this.progress = progress;
    }

    /** Measures a section on a fresh cluster. */
    public void measure(Section section) {
        progress.printf("bench: %s: starting %d nodes%n", section.name().toLowerCase(Locale.ROOT), NODES);
        try (LocalCluster cluster = LocalCluster.start(home, NODES, jvmOptions)) {
            fresh = true;
            switch (section) {
                case THROUGHPUT ->
                    load(cluster, 100, 1_000, List.of("put", "get", "get-serializable"), settings(100_000, 0));
                case SINGLE -> load(cluster, 1, 1, List.of("put"), settings(100_000, 0));
                case FACES -> faces(cluster);
                case MEMORY -> memory(cluster);
            }
            cluster.checkAlive();
        }
    }

    /** 50,000 instances that beat every 10 s are five messages of a thousand in a second. */
    private void faces(LocalCluster cluster) {
        LoadSettings settings = settings(100_000, 0);
        load(cluster, 8, 64, List.of("service-register", "get-serializable", "service-resolve"), settings);
        load(cluster, 1, 1, List.of("lock"), settings);
        load(cluster, 8, 100, List.of("lock", "lock-contended"), settings);
        load(cluster, new Crowd(100, 10, 10), List.of("service-watch", "config"), settings);
        load(cluster, new Crowd(3, 3, 5), List.of("service-heartbeat"), settings);
        rest(cluster, "with 50,000 registered instances");
    }

    private void memory(LocalCluster cluster) {
        rest(cluster, "after the start");
        load(cluster, 8, 64, List.of("put"), settings(keys, keys));
        rest(cluster, "with " + keys + " keys, after puts by 64 clients");
    }

    private void rest(LocalCluster cluster, String state) {
        pause(SETTLE);
        ProcessFigures before = ProcessFigures.of(cluster.pids());
        pause(REST);
        memory.add(new MemoryFigure(state, ProcessFigures.of(cluster.pids()).since(before), REST.toSeconds()));
    }

    /**
     * Who puts the load on.
     *
     * @param rate operations in a second; 0: as many as it takes
     */
    private record Crowd(int connections, int clients, int rate) {
        @Override
        public String toString() {
            return clients
                    + (clients == 1 ? " client / " : " clients / ")
                    + connections
                    + (connections == 1 ? " connection" : " connections")
                    + (rate == 0 ? "" : ", " + rate + " in a second");
        }
    }

    private void load(
            LocalCluster cluster, int connections, int clients, List<String> workloads, LoadSettings settings) {
        load(cluster, new Crowd(connections, clients, 0), workloads, settings);
    }

    private void load(LocalCluster cluster, Crowd crowd, List<String> workloads, LoadSettings settings) {
        Driver driver = new Driver(new Servers(cluster.pids(), cluster.folder()), progress);
        try (Connections open = new Connections(cluster.endpoints(), crowd.connections(), THREADS)) {
            for (String name : workloads) {
                boolean cold = fresh && settings.load() == 0 && warmUp.compareTo(COLD) >= 0;
                fresh = false;
                Plan plan = new Plan(crowd.clients(), crowd.rate(), warmUp, measured, cold ? COLD : Duration.ZERO);
                try (Workload workload = Workloads.named(name, open, settings, crowd.clients(), driver)) {
                    for (Measurement measurement : driver.run(workload, plan)) {
                        measurements.add(named(
                                measurement,
                                measurement.workload() + ", " + crowd
                                        + (settings.load() > 0 ? ", " + settings.load() + " keys" : "")));
                    }
                }
            }
        }
    }

    private static Measurement named(Measurement of, String name) {
        return new Measurement(
                name,
                of.phase(),
                of.seconds(),
                of.latency(),
                of.events(),
                of.eventLatency(),
                of.server(),
                of.client(),
                of.diskBytes(),
                of.errors());
    }

    private static LoadSettings settings(long keySpace, long load) {
        return new LoadSettings(keySpace, false, 8, 256, load, 1_000, false, 2, false, 1_000, 10);
    }

    /** The report for people. */
    public String markdown(Map<String, Object> facts) {
        StringBuilder text = new StringBuilder();
        facts.forEach((name, value) -> text.append("- ")
                .append(name.replace('_', ' '))
                .append(": ")
                .append(value)
                .append('\n'));
        if (!measurements.isEmpty()) {
            text.append('\n').append(Table.of(measurements));
        }
        if (!memory.isEmpty()) {
            text.append("\n| at rest | RSS MiB, largest node | peak MiB | idle CPU, all nodes |\n|---|---|---|---|\n");
            for (MemoryFigure figure : memory) {
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %d | %d | %.3f cores |%n",
                        figure.state(),
                        figure.node().residentBytes() >> 20,
                        figure.node().peakResidentBytes() >> 20,
                        figure.idleCores()));
            }
        }
        return text.toString();
    }

    /** The report for programs. */
    public Map<String, Object> asMap(Map<String, Object> facts) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("machine", facts);
        map.put("measurements", measurements.stream().map(Measurement::asMap).toList());
        map.put("memory", memory.stream().map(MemoryFigure::asMap).toList());
        return map;
    }

    private static void pause(Duration length) {
        try {
            TimeUnit.NANOSECONDS.sleep(length.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the cluster was at rest", e);
        }
    }
}
