package dev.store.jepsen.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.jepsen.check.RevisionOrderChecker;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Cluster;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.history.Call;
import dev.store.jepsen.history.OpType;
import dev.store.jepsen.history.Recorder;
import dev.store.jepsen.workload.RegisterTraffic;
import dev.store.jepsen.workload.WatchProcess;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** How long nobody's writes are acknowledged when a leader goes, measured by clients of the other two nodes. */
@ExtendWith(SharedCluster.class)
@Timeout(1_800)
class FailoverIT {
    private static final Duration WAIT = Await.PATIENCE;

    private final Recorder recorder = SharedCluster.newRecorder();

    @Test
    void aLeaderThatIsAskedToStopHandsOverFirst(Cluster cluster) {
        Node leader = cluster.leader();

        Duration gap = gapWhile(cluster, "handover/", () -> {
            assertThat(leader.terminate(WAIT)).isZero();
            assertThat(cluster.awaitLeader(WAIT)).isNotSameAs(leader);
        });

        System.out.println("longest gap between acknowledged writes, SIGTERM of the leader: " + gap.toMillis() + " ms");
        assertThat(leader.logTail(200)).contains("leadership handed over");
        assertThat(gap).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void writesGoOnWithinSecondsWhenTheLeaderIsKilled(Cluster cluster) {
        Node leader = cluster.leader();

        Duration gap = gapWhile(cluster, "failover/", () -> {
            leader.kill();
            assertThat(cluster.awaitLeader(WAIT)).isNotSameAs(leader);
        });

        System.out.println("longest gap between acknowledged writes, SIGKILL of the leader: " + gap.toMillis() + " ms");
        assertThat(gap).isLessThan(Duration.ofSeconds(30));
    }

    private Duration gapWhile(Cluster cluster, String prefix, Runnable change) {
        long before = ThreeProcessesIT.revision(cluster);
        try (RegisterTraffic traffic = new RegisterTraffic(cluster.followers(), recorder, prefix, 4)) {
            traffic.start(3, Duration.ofMillis(2), new Random(1));
            awaitWrites(cluster, prefix, 50);
            change.run();
            awaitWrites(cluster, prefix, 50);
        }
        List<Call> writes = recorder.history().calls("write").stream()
                .filter(call -> call.outcome() == OpType.OK)
                .sorted(java.util.Comparator.comparingLong(FailoverIT::end))
                .toList();
        long longest = 0;
        for (int i = 1; i < writes.size(); i++) {
            longest = Math.max(longest, end(writes.get(i)) - end(writes.get(i - 1)));
        }
        cluster.nodes().stream().filter(node -> !node.isRunning()).forEach(Node::start);
        cluster.awaitReady(WAIT);
        long last = ThreeProcessesIT.revision(cluster);
        assertThat(new RevisionOrderChecker()
                        .check(
                                recorder.history().calls(),
                                WatchProcess.timeline(cluster.leader(), prefix, before + 1, last)))
                .matches(verdict -> verdict.valid());
        return Duration.ofNanos(longest);
    }

    /** Waits until so many more changes have come to a watcher. */
    private static void awaitWrites(Cluster cluster, String prefix, int more) {
        long now = ThreeProcessesIT.revision(cluster);
        try (WatchProcess watcher = new WatchProcess(
                "progress", prefix, now + 1, () -> cluster.live().get(0))) {
            watcher.awaitRevision(now + more, WAIT);
        }
    }

    private static long end(Call call) {
        return call.end() == null ? Long.MAX_VALUE : call.end().time();
    }
}
