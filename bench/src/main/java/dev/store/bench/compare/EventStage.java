package dev.store.bench.compare;

import dev.store.bench.cluster.Cluster;
import dev.store.bench.cluster.ClusterException;
import dev.store.bench.figures.ProcessFigures;
import dev.store.bench.load.Driver;
import dev.store.bench.load.LoadSettings;
import dev.store.bench.load.Plan;
import dev.store.bench.load.Servers;
import dev.store.bench.load.Workload;
import dev.store.bench.work.Job;
import dev.store.bench.work.Session;
import dev.store.bench.work.Work;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Times what happens once, on a cluster of its own each. */
final class EventStage {
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final Duration SETTLE = Duration.ofSeconds(5);
    /** What a client waits for an answer that asks again and again. */
    private static final Duration IMPATIENT = Duration.ofMillis(200);

    private static final long PAUSE_NANOS = 2_000_000;
    private static final Job WARMING = new Job(Work.PUT, 16, Peer.NODES);

    private final Setup setup;
    private final Results results;
    private final PrintStream progress;
    private final int block;

    EventStage(Setup setup, Results results, PrintStream progress, int block) {
        this.setup = setup;
        this.results = results;
        this.progress = progress;
        this.block = block;
    }

    /** Measures a system; a failure is noted. */
    void measure(Peer peer, Job job) {
        progress.printf("bench: block %d, %s: %s%n", block, peer.label(), job.label());
        try (Cluster cluster = peer.start(setup.home())) {
            Optional<Double> value =
                    switch (job.work()) {
                        case EXPIRY -> expiry(peer, cluster, job.count());
                        case RECOVERY_POLLING -> Optional.of(recovery(peer, cluster, IMPATIENT));
                        case RECOVERY_BLOCKING -> Optional.of(recovery(peer, cluster, LONGEST));
                        case STARTUP -> Optional.of(startUp(peer, cluster, job.count()));
                        case MEMORY -> Optional.of(memory(peer, cluster, job.count()));
                        case MEMORY_WATCHED -> memoryWatched(peer, cluster, job.count());
                        default -> throw new IllegalArgumentException(job.label() + " is a load");
                    };
            if (value.isEmpty()) {
                results.hasNone(peer, job);
                progress.printf("bench: %s: %s: there is no close form%n", peer.label(), job.label());
                return;
            }
            boolean memory = job.work() == Work.MEMORY || job.work() == Work.MEMORY_WATCHED;
            Metric metric = memory ? Metric.RESIDENT : Metric.MILLIS;
            progress.printf("bench: %s: %s %s%n", job.label(), Spread.shorten(value.get()), metric.title());
            results.add(new Sample(block, peer, job, Phase.ONCE, Map.of(metric, value.get())));
        } catch (RuntimeException e) {
            results.failed(block, peer, job.label(), String.valueOf(e.getMessage()));
            progress.printf("bench: %s: %s%n", peer.label(), e);
        }
    }

    private Optional<Double> expiry(Peer peer, Cluster cluster, int leases) {
        try (Session session = peer.open(cluster, Peer.NODES)) {
            Optional<Session.Lapse> lapse = session.lapse();
            if (lapse.isEmpty()) {
                return Optional.empty();
            }
            warm(session, cluster);
            long dueNanos = lapse.get().prepare(leases);
            LockSupport.parkNanos(dueNanos - System.nanoTime() - TimeUnit.SECONDS.toNanos(1));
            while (lapse.get().left() > 0) {
                checkTime(dueNanos, "leases are left");
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            return Optional.of(millisSince(dueNanos));
        }
    }

    /** From the signal to the leader until a put has been acknowledged by one of those left. */
    private double recovery(Peer peer, Cluster cluster, Duration patience) {
        try (Session session = peer.open(cluster, Peer.NODES)) {
            warm(session, cluster);
            int leader = cluster.leader();
            List<Integer> left = IntStream.range(0, Peer.NODES)
                    .filter(node -> node != leader)
                    .boxed()
                    .toList();
            // Both connections are open, as those of a client that has worked before.
            left.forEach(node -> session.put(node, LONGEST).join());
            long start = System.nanoTime();
            cluster.kill(leader);
            for (int attempt = 0; ; attempt++) {
                try {
                    session.put(left.get(attempt % left.size()), patience).join();
                    return millisSince(start);
                } catch (CompletionException e) {
                    checkTime(start, "no put is acknowledged");
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        }
    }

    private double startUp(Peer peer, Cluster cluster, int keys) {
        fill(peer, cluster, keys);
        cluster.stop();
        long start = System.nanoTime();
        cluster.launch();
        Ports ports = new Ports(cluster.endpoints());
        while (true) {
            Optional<Integer> open = ports.anyOpen();
            if (open.isPresent()) {
                // A new session each time: one that was refused would wait before it tries again.
                try (Session session = peer.open(cluster, Peer.NODES)) {
                    session.read(open.get(), Duration.ofSeconds(1)).join();
                    return millisSince(start);
                } catch (CompletionException e) {
                    // It listens, and cannot answer yet.
                }
            }
            checkTime(start, "no read is answered");
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private double memory(Peer peer, Cluster cluster, int keys) {
        fill(peer, cluster, keys);
        return settled(cluster);
    }

    private Optional<Double> memoryWatched(Peer peer, Cluster cluster, int watchers) {
        Job job = new Job(Work.PUT_IDLE_WATCHES, watchers, Peer.NODES);
        LoadSettings settings = setup.sizes().settings(setup.sizes().keySpace(), watchers);
        Driver driver = new Driver(new Servers(cluster.pids(), cluster.folder()), progress);
        try (Session session = peer.open(cluster, Peer.NODES)) {
            Optional<Workload> watched = session.workload(job, settings, driver);
            if (watched.isEmpty()) {
                return Optional.empty();
            }
            try (Workload open = watched.get()) {
                open.prepare();
                return Optional.of(settled(cluster));
            }
        }
    }

    private static double settled(Cluster cluster) {
        Quiet.pause(SETTLE);
        return ProcessFigures.of(cluster.pids()).residentBytes() / (double) (1 << 20);
    }

    private void fill(Peer peer, Cluster cluster, int keys) {
        if (keys > 0) {
            try (Session session = peer.open(cluster, Peer.NODES)) {
                session.preload(setup.sizes().settings(keys, 0));
            }
        }
    }

    /** Load as before any stop in the middle of everyday work: what a JVM compiles late is compiled. */
    private void warm(Session session, Cluster cluster) {
        Driver driver = new Driver(new Servers(cluster.pids(), cluster.folder()), progress);
        LoadSettings settings = setup.sizes().settings(setup.sizes().keySpace(), 0);
        try (Workload workload = session.workload(WARMING, settings, driver)
                .orElseThrow(() -> new IllegalStateException("a system without puts"))) {
            driver.run(
                    workload,
                    new Plan(WARMING.clients(), 0, Duration.ZERO, setup.times().fresh(), Duration.ZERO));
        }
    }

    private static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }

    private static void checkTime(long startNanos, String what) {
        if (System.nanoTime() - startNanos > LONGEST.toNanos()) {
            throw new ClusterException(what + " after " + LONGEST.toSeconds() + " s");
        }
    }
}
