package dev.store.bench.compare;

import dev.store.bench.cluster.Cluster;
import dev.store.bench.figures.Measurement;
import dev.store.bench.figures.ProcessFigures;
import dev.store.bench.figures.SystemCpu;
import dev.store.bench.load.Driver;
import dev.store.bench.load.LoadSettings;
import dev.store.bench.load.Plan;
import dev.store.bench.load.Servers;
import dev.store.bench.load.Workload;
import dev.store.bench.work.Job;
import dev.store.bench.work.Session;
import dev.store.bench.work.Stage;
import dev.store.bench.work.Work;
import java.io.PrintStream;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Puts the loads of a stage on one system's fresh cluster, one after the other. */
final class LoadStage {
    private static final Duration COLD = Duration.ofSeconds(10);
    /** As in etcd's own benchmark of this delay. */
    private static final double WATCHED_PUTS_PER_SECOND = 100;

    private static final int PRELOADING_CONNECTIONS = 6;

    private final Setup setup;
    private final Results results;
    private final PrintStream progress;
    private final Stage stage;
    private final List<Job> jobs;
    private final long keySpace;
    private final int block;

    /** @param jobs of the stage, those that share a cluster */
    LoadStage(Setup setup, Results results, PrintStream progress, Stage stage, List<Job> jobs, int block) {
        this.setup = setup;
        this.results = results;
        this.progress = progress;
        this.stage = stage;
        this.jobs = jobs;
        this.keySpace =
                stage == Stage.FILLED ? jobs.get(0).count() : setup.sizes().keySpace();
        this.block = block;
    }

    /** Measures a system; what fails is noted, and the rest goes on as long as the nodes live. */
    void measure(Peer peer) {
        try (Cluster cluster = peer.start(setup.home())) {
            if (stage != Stage.WRITES) {
                preload(peer, cluster);
            }
            boolean fresh = true;
            for (Job job : jobs) {
                try {
                    fresh = !measure(peer, cluster, job, fresh) && fresh;
                } catch (RuntimeException e) {
                    results.failed(block, peer, job.label(), String.valueOf(e.getMessage()));
                    progress.printf("bench: %s: %s%s%n", peer.label(), e, cluster.logs());
                }
                cluster.checkAlive();
            }
        }
    }

    /** Started anew: etcd 3.4.23 copies a buffer on each read that is as large as the last writes made it. */
    private void preload(Peer peer, Cluster cluster) {
        try (Session session = peer.open(cluster, PRELOADING_CONNECTIONS)) {
            session.preload(setup.sizes().settings(keySpace, 0));
        }
        cluster.stop();
        cluster.launch();
        cluster.awaitReady();
    }

    /** Returns whether the system has such a load at all. */
    private boolean measure(Peer peer, Cluster cluster, Job job, boolean fresh) {
        Duration warmUp = fresh ? setup.times().fresh() : setup.times().warmUp();
        boolean fixedRate = job.work() == Work.WATCH_DELAY;
        boolean cold = fresh && stage == Stage.WRITES && !fixedRate && warmUp.compareTo(COLD) >= 0;
        Plan plan = new Plan(
                job.clients(),
                fixedRate ? WATCHED_PUTS_PER_SECOND : 0,
                warmUp,
                setup.times().measured(),
                cold ? COLD : Duration.ZERO);
        if (!run(peer, cluster, job, plan)) {
            results.hasNone(peer, job);
            progress.printf("bench: %s: %s: there is no close form%n", peer.label(), job.label());
            return false;
        }
        double rate = results.slowest(job, 1) / 2;
        if (block > 1 && rate > 0 && hasSteadyRate(job.work())) {
            run(
                    peer,
                    cluster,
                    job,
                    new Plan(
                            job.clients(),
                            rate,
                            setup.times().warmUp().dividedBy(2),
                            setup.times().measured(),
                            Duration.ZERO));
        }
        return true;
    }

    /** What waits for others by design has no latency of its own at half the rate. */
    private static boolean hasSteadyRate(Work work) {
        return !work.countsEvents() && work != Work.LOCK_CONTENDED;
    }

    private boolean run(Peer peer, Cluster cluster, Job job, Plan plan) {
        progress.printf(
                "bench: block %d, %s: %s%s%n",
                block,
                peer.label(),
                job.label(),
                plan.rate() > 0 ? String.format(Locale.ROOT, ", %.0f in a second", plan.rate()) : "");
        LoadSettings settings = job.work() == Work.PUT_IDLE_WATCHES
                ? LoadSettings.idle(keySpace, setup.sizes().valueBytes(), job.watchers())
                : setup.sizes().settings(keySpace, job.watchers());
        try (Session session = peer.open(cluster, job.connections())) {
            Driver driver = new Driver(new Servers(cluster.pids(), cluster.folder()), progress);
            Optional<Workload> found = session.workload(job, settings, driver);
            if (found.isEmpty()) {
                return false;
            }
            try (Workload workload = found.get()) {
                Others others = Others.since(cluster);
                List<Measurement> measured = driver.run(workload, plan);
                double otherCores = others.cores(cluster);
                for (Measurement measurement : measured) {
                    boolean cold = measurement.phase().equals("cold");
                    Map<Metric, Double> values = new EnumMap<>(Figures.of(job.work(), measurement));
                    values.put(Metric.OTHERS, otherCores);
                    Phase phase = cold ? Phase.COLD : plan.rate() > 0 ? Phase.STEADY : Phase.FULL;
                    results.add(new Sample(block, peer, job, phase, values));
                }
            }
            return true;
        }
    }

    /** CPU time that neither the nodes nor this process take. */
    private record Others(long busyMicros, long ownMicros, long startNanos) {
        static Others since(Cluster cluster) {
            return new Others(SystemCpu.busyMicros(), own(cluster), System.nanoTime());
        }

        double cores(Cluster cluster) {
            double micros = (System.nanoTime() - startNanos) / 1e3;
            long others = SystemCpu.busyMicros() - busyMicros - (own(cluster) - ownMicros);
            return Math.max(0, others / micros);
        }

        private static long own(Cluster cluster) {
            return ProcessFigures.of(cluster.pids()).cpuMicros()
                    + ProcessFigures.ofSelf().cpuMicros();
        }
    }
}
