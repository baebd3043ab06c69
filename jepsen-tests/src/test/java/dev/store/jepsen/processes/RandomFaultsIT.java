package dev.store.jepsen.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.jepsen.check.Histories;
import dev.store.jepsen.check.Timeline;
import dev.store.jepsen.check.Verdict;
import dev.store.jepsen.check.WatchGuaranteesChecker;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Cluster;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.history.History;
import dev.store.jepsen.history.OpType;
import dev.store.jepsen.history.Recorder;
import dev.store.jepsen.nemesis.Fault;
import dev.store.jepsen.nemesis.FaultGroup;
import dev.store.jepsen.nemesis.Nemesis;
import dev.store.jepsen.run.Cell;
import dev.store.jepsen.run.Judge;
import dev.store.jepsen.run.Outcome;
import dev.store.jepsen.run.Runner;
import dev.store.jepsen.run.Tampering;
import dev.store.jepsen.run.WorkloadKind;
import dev.store.jepsen.workload.RegisterTraffic;
import dev.store.jepsen.workload.WatchProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A short random run; another seed, or a longer one, by {@code -Djepsen.seed=N -Djepsen.seconds=N}. */
@ExtendWith(SharedCluster.class)
@Timeout(1_800)
class RandomFaultsIT {
    private static final String[] KEYED = {"read", "local-read", "write", "cas", "delete"};
    /** What needs nothing but processes: here the cluster is shared, and on loopback. */
    private static final List<Fault> FAULTS =
            List.of(Fault.KILL_LEADER, Fault.KILL_ONE, Fault.KILL_ALL, Fault.PAUSE_LEADER, Fault.PAUSE_ONE);

    private static final int THIN = 300;

    private final long seed = Long.getLong("jepsen.seed", System.nanoTime());
    private final Duration length = Duration.ofSeconds(Long.getLong("jepsen.seconds", 25));

    @Test
    void historiesUnderRandomKillsAndPausesKeepEveryPromise(Cluster cluster) {
        System.out.println("jepsen.seed=" + seed);
        Random random = new Random(seed);
        Recorder recorder = SharedCluster.newRecorder();
        String prefix = "random/" + seed + "/";
        long before = ThreeProcessesIT.revision(cluster);
        List<WatchProcess> watchers = watchers(cluster, prefix, before + 1, random);
        Nemesis nemesis = new Nemesis(cluster, recorder, random);

        try (RegisterTraffic traffic = new RegisterTraffic(cluster.nodes(), recorder, prefix, 6)) {
            traffic.start(5, Duration.ofMillis(15), random);
            long end = System.nanoTime() + length.toNanos();
            while (System.nanoTime() < end) {
                nemesis.strike(FAULTS.get(random.nextInt(FAULTS.size())));
            }
            // Faults that stop all nodes may have left no time for anything else (seed 45728785122207).
            Await.until(Await.PATIENCE, THIN + " answers", () -> answered(recorder.history()) >= THIN);
        }
        cluster.awaitReady(Await.PATIENCE);

        long last = ThreeProcessesIT.revision(cluster);
        Timeline timeline = WatchProcess.timeline(cluster.leader(), prefix, before + 1, last);
        List<Verdict> verdicts = judge(recorder.history(), timeline, watchers, last);
        report(recorder.history(), nemesis, verdicts);
    }

    /** As {@code bin/jepsen run} does it: where it may, over a network that is cut; elsewhere processes are killed. */
    @Test
    void aRunWithAClusterOfItsOwnKeepsEveryPromise() {
        FaultGroup faults = FaultGroup.PARTITION.obstacle().isEmpty() ? FaultGroup.PARTITION : FaultGroup.KILL;
        Path folder = Path.of("target", "jepsen", "run-" + seed);

        Outcome outcome = new Runner(System.out, true, Tampering.NONE)
                .run(new Cell(WorkloadKind.APPEND, faults, 4, 3, seed), folder);

        assertThat(outcome.status()).as(outcome.summary()).isEqualTo(Outcome.Status.VALID);
        assertThat(Judge.verdicts(History.read(folder.resolve("history.edn")))).isEqualTo(outcome.verdicts());
    }

    private static List<WatchProcess> watchers(Cluster cluster, String prefix, long start, Random random) {
        List<WatchProcess> watchers = new ArrayList<>();
        for (Node node : cluster.nodes()) {
            watchers.add(new WatchProcess("at " + node.name(), prefix, start, () -> node));
        }
        Random choices = new Random(random.nextLong());
        for (int i = 0; i < 3; i++) {
            watchers.add(new WatchProcess("wanderer " + i, prefix + i, start, () -> {
                synchronized (choices) {
                    return cluster.nodes().get(choices.nextInt(cluster.nodes().size()));
                }
            }));
        }
        return watchers;
    }

    private static List<Verdict> judge(History history, Timeline timeline, List<WatchProcess> watchers, long last) {
        List<Verdict> verdicts = new ArrayList<>(Histories.registers(history, timeline, Duration.ofMinutes(2)));
        for (WatchProcess watcher : watchers) {
            watcher.awaitRevision(last, Await.PATIENCE);
            watcher.close();
            String prefix = watcher.prefix();
            verdicts.add(new WatchGuaranteesChecker()
                    .check(
                            watcher.name(),
                            watcher.sightings(),
                            change -> change.key().startsWith(prefix),
                            timeline,
                            last));
        }
        return verdicts;
    }

    private void report(History history, Nemesis nemesis, List<Verdict> verdicts) {
        long ok = answered(history);
        String summary = "jepsen.seed=" + seed + ": " + history.calls(KEYED).size() + " operations, " + ok + " ok, "
                + history.count(OpType.INFO) + " unknown; faults:\n  " + String.join("\n  ", nemesis.log());
        System.out.println(summary);
        boolean valid = verdicts.stream().allMatch(Verdict::valid) && ok >= THIN;
        if (!valid) {
            history.writeTo(Path.of("target", "failures", "history-" + seed));
        }
        assertThat(ok).as("traffic too thin to show anything; %s", summary).isGreaterThanOrEqualTo(THIN);
        assertThat(verdicts).as(summary).allMatch(Verdict::valid);
    }

    private static long answered(History history) {
        return history.calls(KEYED).stream()
                .filter(call -> call.outcome() == OpType.OK)
                .count();
    }
}
