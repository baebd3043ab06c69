package dev.store.bench;

import dev.store.bench.compare.Comparison;
import dev.store.bench.compare.Peer;
import dev.store.bench.compare.Setup;
import dev.store.bench.work.Job;
import dev.store.bench.work.Stage;
import dev.store.bench.work.Work;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench compare}: Store beside other systems, in the same run. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Measures systems side by side on fresh three-node clusters, one at a time, and writes what came out: "
                        + "compare.json, compare.html, compare.md.")
final class CompareCommand implements Callable<Integer> {
    private static final String EVERYTHING = "get,get-serializable,range@8,put,put@1000/100,put@1,put-sequential,"
            + "get-after-writes,get-serializable-after-writes,txn,watch@1000,watch@10000/100,watch-delay@1000,watch-create,"
            + "config-push@100,lock@8,lock-contended@8,register,keepalive,keepalive-stream,lease-grant,put-idle-watches@1,"
            + "put-idle-watches@100000,put-keys@10000,read-pages@1000000,put-keys@1000000,expiry@10000,recovery-polling,"
            + "recovery-blocking,startup@100000,memory@0,memory@10000,memory@100000,memory@1000000,memory-watched@1000,"
            + "memory-watched@10000";
    private static final String QUICK = "get,put,watch@100,lock@8,lock-contended@8,register";
    /** Numbers of a curve. */
    private static final Map<Work.Counts, List<String>> CURVES = Map.of(
            // A connection for each of the first eight, then one for eight to ten of them.
            Work.Counts.CLIENTS,
            List.of("1/1", "2/2", "4/4", "8/8", "16/8", "64/8", "256/32", "1000/100"),
            Work.Counts.WATCHERS,
            List.of("1", "10", "100", "1000"),
            Work.Counts.KEYS,
            List.of("1000", "10000", "100000", "1000000"));

    @Option(
            names = "--systems",
            split = ",",
            defaultValue = "etcd,store-etcd",
            description = "etcd, store-etcd (Store by etcd's protocol), store (by its own API), zookeeper. "
                    + "The others are held against the first.")
    private List<String> systems = List.of();

    @Option(
            names = "--workloads",
            split = ",",
            description =
                    "Works as NAME, NAME@NUMBER or NAME@NUMBER/CONNECTIONS; the number is that of clients, watchers, "
                            + "leases or keys. Without any: " + EVERYTHING)
    private List<String> workloads = List.of();

    @Option(
            names = "--curve",
            split = ",",
            description = "Works to measure with 1 to 1000 clients or watchers, or 1000 to a million keys, as well.")
    private List<String> curves = List.of();

    @Option(names = "--blocks", description = "How often; the order of the systems turns every time.")
    private int blocks = 5;

    @Option(names = "--seconds", description = "Length of a measured stretch.")
    private int seconds = 10;

    @Option(names = "--warmup", description = "Seconds before it.")
    private int warmUp = 8;

    @Option(names = "--fresh-warmup", description = "Seconds before the first one on a fresh cluster.")
    private int freshWarmUp = 30;

    @Option(names = "--clients", description = "Clients of works that name no number.")
    private int clients = 64;

    @Option(names = "--connections", description = "Connections of works that name none, spread over the nodes.")
    private int connections = 8;

    @Option(names = "--key-space", description = "Number of different keys.")
    private long keySpace = 100_000;

    @Option(names = "--value-size", description = "Bytes of a value.")
    private int valueBytes = 256;

    @Option(
            names = "--quick",
            description = "For trying it out: two blocks, short stretches, few works; other options still count.")
    private boolean quick;

    @Option(names = "--folder", description = "Where the files go.")
    private Path folder = Path.of("target", "compare");

    @Option(
            names = {"-o", "--output"},
            description = "table or json.")
    private String output = "table";

    @Override
    public Integer call() {
        if (!List.of("table", "json").contains(output)) {
            throw new IllegalArgumentException("output: \"" + output + "\" (expected: table or json)");
        }
        if (quick) {
            blocks = Math.min(blocks, 2);
            seconds = Math.min(seconds, 3);
            warmUp = Math.min(warmUp, 2);
            freshWarmUp = Math.min(freshWarmUp, 10);
        }
        Setup setup = new Setup(
                Home.find(),
                systems.stream().map(Peer::of).toList(),
                jobs(),
                blocks,
                new Setup.Times(
                        Duration.ofSeconds(freshWarmUp), Duration.ofSeconds(warmUp), Duration.ofSeconds(seconds)),
                new Setup.Sizes(keySpace, valueBytes));
        System.err.printf(
                "bench: this takes about %d minutes%n", 1 + setup.estimate().toMinutes());
        Comparison comparison = new Comparison(setup, System.err);
        comparison.run(() -> write(comparison));
        System.out.println(output.equals("json") ? comparison.json() : comparison.table());
        System.err.println("bench: written to " + folder.toAbsolutePath());
        return comparison.hasFailures() ? 1 : 0;
    }

    private List<Job> jobs() {
        List<String> texts = workloads.isEmpty() && curves.isEmpty()
                ? List.of((quick ? QUICK : EVERYTHING).split(",", -1))
                : workloads;
        List<Job> jobs = new ArrayList<>();
        texts.forEach(text -> jobs.add(Job.of(text, clients, connections)));
        for (String curve : curves) {
            List<String> sizes = CURVES.get(Work.of(curve).counts());
            if (sizes == null || Work.of(curve).stage() == Stage.EVENT) {
                throw new IllegalArgumentException(
                        "curve: \"" + curve + "\" (expected: a load by clients, watchers or keys)");
            }
            sizes.forEach(size -> jobs.add(Job.of(curve + "@" + size, clients, connections)));
        }
        return jobs;
    }

    private void write(Comparison comparison) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("compare.json"), comparison.json());
            Files.writeString(folder.resolve("compare.html"), comparison.page());
            Files.writeString(folder.resolve("compare.md"), comparison.table());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + folder, e);
        }
    }
}
