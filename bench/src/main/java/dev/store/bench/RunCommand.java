package dev.store.bench;

import dev.store.bench.cluster.LocalCluster;
import dev.store.bench.figures.Machine;
import dev.store.bench.figures.Measurement;
import dev.store.bench.load.Connections;
import dev.store.bench.load.Driver;
import dev.store.bench.load.LoadSettings;
import dev.store.bench.load.Plan;
import dev.store.bench.load.Servers;
import dev.store.bench.load.Workload;
import dev.store.bench.load.Workloads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench run}: workloads of one's choice. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Puts load on a cluster: on a fresh one on loopback, or on the endpoints given.")
final class RunCommand implements Callable<Integer> {
    private static final Duration COLD = Duration.ofSeconds(10);

    @Parameters(
            arity = "1..*",
            description = "Workloads, one after the other: put, get, get-serializable, range, txn, "
                    + "watch, lease-keepalive, service-register, service-resolve, service-heartbeat, service-watch, config, "
                    + "lock (each client its own), lock-contended (all the same).")
    private List<String> workloads = List.of();

    @Option(names = "--endpoints", split = ",", description = "Targets this cluster instead of a fresh one.")
    private List<String> endpoints = List.of();

    @Option(names = "--nodes", description = "Nodes of the fresh cluster.")
    private int nodes = 3;

    @Option(names = "--jvm", description = "Replaces the nodes' memory and collector flags.")
    private String jvmOptions = "";

    @Option(names = "--connections", description = "Connections, spread over the nodes.")
    private int connections = 8;

    @Option(names = "--clients", description = "Logical clients, spread over the connections.")
    private int clients = 64;

    @Option(names = "--threads", description = "Threads of all connections together.")
    private int threads = 2;

    @Option(names = "--seconds", description = "How long is measured.")
    private int seconds = 20;

    @Option(names = "--warmup", description = "Seconds before that.")
    private int warmUp = 20;

    @Option(names = "--rate", description = "Operations in a second, started on time; 0: as many as it takes.")
    private double rate;

    @Option(names = "--key-space", description = "Number of different keys.")
    private long keySpace = 100_000;

    @Option(names = "--sequential", description = "Keys in order rather than at random.")
    private boolean sequential;

    @Option(names = "--key-size", description = "Bytes of a key.")
    private int keyBytes = 8;

    @Option(names = "--value-size", description = "Bytes of a value.")
    private int valueBytes = 256;

    @Option(names = "--load", description = "Keys to put before each workload of keys.")
    private long load;

    @Option(names = "--limit", description = "Entries of a range.")
    private int limit = 1_000;

    @Option(names = "--serializable", description = "Ranges are serializable.")
    private boolean serializable;

    @Option(names = "--txn-ops", description = "Operations of a transaction, half of them puts.")
    private int txnOps = 2;

    @Option(names = "--exactly-once", description = "Puts carry an operation id.")
    private boolean exactlyOnce;

    @Option(names = "--watchers", description = "Watches of the workload watch, subscribers of config.")
    private int watchers = 1_000;

    @Option(names = "--watchers-per-stream", description = "Watches on one stream.")
    private int watchersPerStream = 100;

    @Option(
            names = {"-o", "--output"},
            description = "table or json.")
    private String output = "table";

    @Override
    public Integer call() {
        Output written = Output.of(output);
        workloads.forEach(Workloads::checkName);
        LoadSettings settings = new LoadSettings(
                keySpace,
                sequential,
                keyBytes,
                valueBytes,
                load,
                limit,
                serializable,
                txnOps,
                exactlyOnce,
                watchers,
                watchersPerStream);
        List<Measurement> measurements;
        if (endpoints.isEmpty()) {
            System.err.printf("bench: starting %d nodes%n", nodes);
            try (LocalCluster cluster = LocalCluster.start(Home.find(), nodes, jvmOptions)) {
                measurements = run(cluster.endpoints(), new Servers(cluster.pids(), cluster.folder()), settings);
                cluster.checkAlive();
            }
        } else {
            measurements = run(endpoints, Servers.ELSEWHERE, settings);
        }
        System.out.println(written.write(measurements, Map.of("machine", Machine.facts())));
        return 0;
    }

    private List<Measurement> run(List<String> targets, Servers servers, LoadSettings settings) {
        List<Measurement> measurements = new ArrayList<>();
        Duration warm = Duration.ofSeconds(warmUp);
        Driver driver = new Driver(servers, System.err);
        try (Connections open = new Connections(targets, connections, threads)) {
            for (String name : workloads) {
                // Only the first workload meets a cold cluster.
                boolean cold = measurements.isEmpty() && !servers.pids().isEmpty() && warm.compareTo(COLD) >= 0;
                Plan plan = new Plan(clients, rate, warm, Duration.ofSeconds(seconds), cold ? COLD : Duration.ZERO);
                try (Workload workload = Workloads.named(name, open, settings, clients, driver)) {
                    measurements.addAll(driver.run(workload, plan));
                }
            }
        }
        return measurements;
    }
}
