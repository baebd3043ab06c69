package dev.store.jepsen.run;

import dev.store.jepsen.check.SightingText;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Cluster;
import dev.store.jepsen.cluster.MemberHashes;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.cluster.RigException;
import dev.store.jepsen.history.Recorder;
import dev.store.jepsen.nemesis.Fault;
import dev.store.jepsen.nemesis.Nemesis;
import dev.store.jepsen.workload.WatchProcess;
import dev.store.jepsen.workload.Workload;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Traffic and faults on a running cluster, from the first call to the last read. Used by one thread. */
final class Round implements AutoCloseable {
    /** So that there is something that the first fault can take away. */
    private static final Duration BEFORE = Duration.ofSeconds(1);
    /** As long as a call waits for an answer: most clients have one that began when all was whole again. */
    private static final Duration AFTER = Duration.ofSeconds(2);

    private static final Duration HEAL = Duration.ofSeconds(90);
    private static final int WANDERERS = 2;

    private final Cell cell;
    private final Cluster cluster;
    private final Recorder recorder;
    private final Random random;
    private final List<Node> nodes;
    private final WatchProcess collector;
    private final List<WatchProcess> watchers = new ArrayList<>();
    private final Workload workload;
    private final Nemesis nemesis;
    private final Compactor compactor;
    private final Progress progress;

    Round(Cell cell, Cluster cluster, Recorder recorder, PrintStream out) {
        this.cell = cell;
        this.cluster = cluster;
        this.recorder = recorder;
        this.random = new Random(cell.seed());
        this.nodes = cluster.nodes();
        String prefix = cell.workload().word() + "/";
        long first = cluster.leader().client().status().getHeader().getRevision() + 1;
        this.collector = wanderer("timeline", prefix, first);
        for (Node node : nodes) {
            watchers.add(new WatchProcess("at " + node.name(), prefix, first, () -> node));
        }
        for (int i = 0; i < WANDERERS; i++) {
            watchers.add(wanderer("wanderer " + i, prefix, first));
        }
        this.workload =
                cell.workload().make(new Traffic(nodes, recorder, new Random(random.nextLong()), collector::seen));
        this.nemesis = new Nemesis(cluster, recorder, new Random(random.nextLong()));
        // History is forgotten up to where the timeline has been written down, and never further.
        this.compactor = new Compactor(nodes, recorder, new Random(random.nextLong()), collector::seen);
        this.progress = new Progress(recorder, out);
    }

    /** What was done to the cluster, in words. */
    List<String> faults() {
        return nemesis.log();
    }

    void play(Laps laps) {
        workload.prepare();
        workload.start();
        compactor.start();
        progress.start();
        Await.pass(BEFORE);
        hurt();
        Await.pass(AFTER);
        laps.end("traffic");
        compactor.close();
        workload.close();
        nemesis.mend();
        laps.end("mend");
        long last = cluster.awaitLeader(HEAL).client().status().getHeader().getRevision();
        collector.awaitRevision(last, HEAL);
        workload.finish();
        last = cluster.awaitLeader(HEAL).client().status().getHeader().getRevision();
        collector.awaitRevision(last, HEAL);
        Recorder.Worker worker = recorder.worker();
        for (WatchProcess watcher : watchers) {
            watcher.awaitRevision(last, HEAL);
            watcher.record(worker, last);
        }
        worker.invoke("timeline", null, Map.of());
        worker.ok(SightingText.writeChanges(collector.changes()), Map.of("until", last));
        worker.invoke("compare-members", null, Map.of());
        try {
            worker.ok(MemberHashes.requireEqual(cluster, HEAL), Map.of());
        } catch (RigException e) {
            worker.fail(String.valueOf(e.getMessage()), Map.of());
        }
        laps.end("last reads");
    }

    /** Every fault of the group has its turn before one has another, in an order that the seed decides. */
    private void hurt() {
        long end = System.nanoTime() + Duration.ofSeconds(cell.seconds()).toNanos();
        List<Fault> turn = new ArrayList<>();
        while (System.nanoTime() < end) {
            if (cell.faults().faults().isEmpty()) {
                Await.pass(Duration.ofNanos(end - System.nanoTime()));
                return;
            }
            if (turn.isEmpty()) {
                turn.addAll(cell.faults().faults());
                Collections.shuffle(turn, random);
            }
            Fault fault = turn.remove(turn.size() - 1);
            progress.during(fault.word());
            nemesis.strike(fault);
            progress.during("");
            // Between two faults, and not after the last one: there AFTER comes anyway.
            long pause = Duration.ofMillis(500 + random.nextInt(1_500)).toNanos();
            Await.pass(Duration.ofNanos(Math.min(pause, Math.max(0, end - System.nanoTime()))));
        }
    }

    @Override
    public void close() {
        progress.close();
        compactor.close();
        try {
            workload.close();
        } catch (RigException e) {
            // Thrown before, by play, unless that had failed for a better reason.
        }
        collector.close();
        watchers.forEach(WatchProcess::close);
    }

    private WatchProcess wanderer(String name, String prefix, long first) {
        Random choices = new Random(random.nextLong());
        return new WatchProcess(name, prefix, first, () -> {
            synchronized (choices) {
                return nodes.get(choices.nextInt(nodes.size()));
            }
        });
    }
}
