package dev.store.bench.load;

import dev.store.bench.figures.Latency;
import dev.store.bench.figures.Measurement;
import dev.store.bench.figures.ProcessFigures;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs workloads by plan and measures them. */
public final class Driver {
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(10);

    private final Servers servers;
    private final Timings timings = new Timings();
    private final PrintStream progress;

    /** Makes a driver that tells on a stream how far it is. */
    public Driver(Servers servers, PrintStream progress) {
        this.servers = servers;
        this.progress = progress;
    }

    /** Where operations and events are timed, for workloads that see events. */
    public Timings timings() {
        return timings;
    }

    /** Prepares the workload, runs it, and returns its stretches: the cold one, if wanted, and the warm one. */
    public List<Measurement> run(Workload workload, Plan plan) {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "bench-timer");
            thread.setDaemon(true);
            return thread;
        });
        try {
            workload.prepare();
            Operation operation = workload.operation();
            Loop loop = plan.rate() > 0
                    ? new OpenLoop(operation, plan, timings)
                    : new ClosedLoop(operation, plan.clients(), timings, timer);
            List<Measurement> measurements = new ArrayList<>();
            timings.cut();
            loop.start();
            if (!plan.cold().isZero()) {
                measurements.add(measure(workload.name(), "cold", plan.cold()));
            }
            pause(plan.warmUp().minus(plan.cold()));
            measurements.add(measure(workload.name(), "warm", plan.measured()));
            loop.stop();
            awaitAnswers(workload.name(), loop);
            return measurements;
        } finally {
            timer.shutdownNow();
        }
    }

    private Measurement measure(String name, String phase, Duration length) {
        timings.cut();
        ProcessFigures serverBefore = ProcessFigures.of(servers.pids());
        long diskBefore = servers.diskBytes();
        ProcessFigures clientBefore = ProcessFigures.ofSelf();
        long start = System.nanoTime();
        pause(length);
        Timings.Stretch stretch = timings.cut();
        double seconds = (System.nanoTime() - start) / 1e9;
        Measurement measurement = new Measurement(
                name,
                phase,
                seconds,
                Latency.of(stretch.operations()),
                stretch.events().getTotalCount(),
                Latency.of(stretch.events()),
                ProcessFigures.of(servers.pids()).since(serverBefore),
                ProcessFigures.ofSelf().since(clientBefore),
                servers.diskBytes() - diskBefore,
                stretch.errors());
        progress.printf(
                "bench: %s (%s): %.0f/s, p50 %.2f ms, p99 %.2f ms%n",
                name,
                phase,
                measurement.perSecond(),
                measurement.latency().p50() / 1e3,
                measurement.latency().p99() / 1e3);
        return measurement;
    }

    private void awaitAnswers(String name, Loop loop) {
        long deadline = System.nanoTime() + LAST_ANSWERS.toNanos();
        while (loop.inFlight() > 0 && System.nanoTime() < deadline) {
            pause(Duration.ofMillis(5));
        }
        if (loop.inFlight() > 0) {
            progress.printf(
                    "bench: %s: %d operations have no answer after %d s%n",
                    name, loop.inFlight(), LAST_ANSWERS.toSeconds());
        }
    }

    private static void pause(Duration length) {
        try {
            TimeUnit.NANOSECONDS.sleep(length.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while load was running", e);
        }
    }
}
