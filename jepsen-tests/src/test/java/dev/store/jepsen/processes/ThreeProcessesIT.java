package dev.store.jepsen.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.jepsen.check.RevisionOrderChecker;
import dev.store.jepsen.check.Timeline;
import dev.store.jepsen.check.WatchGuaranteesChecker;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Cluster;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.history.History;
import dev.store.jepsen.history.Recorder;
import dev.store.jepsen.workload.KvProcess;
import dev.store.jepsen.workload.WatchProcess;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedCluster.class)
@Timeout(1_800)
class ThreeProcessesIT {
    private static final Duration CALL = Duration.ofSeconds(10);
    private static final Duration WAIT = Await.PATIENCE;

    private final Recorder recorder = SharedCluster.newRecorder();
    private final KvProcess process = new KvProcess(recorder, CALL);

    @Test
    void whatIsPutAtOneNodeIsReadAtEveryNodeAndSeenByAWatcherOfEach(Cluster cluster) {
        String prefix = "basic/";
        long before = revision(cluster);
        List<WatchProcess> watchers = cluster.nodes().stream()
                .map(node -> new WatchProcess(node.name(), prefix, before + 1, () -> node))
                .toList();

        for (Node node : cluster.nodes()) {
            assertThat(process.write(node, prefix + node.name(), "by " + node.name()))
                    .isPresent();
            for (Node reader : cluster.nodes()) {
                assertThat(process.read(reader, prefix + node.name())).isPresent();
            }
        }
        assertThat(process.cas(cluster.node("n1"), prefix + "n1", "by n1", "changed"))
                .isPresent();
        assertThat(process.delete(cluster.node("n2"), prefix + "n2")).isPresent();

        long last = revision(cluster);
        assertThat(last).isEqualTo(before + 5);
        Timeline timeline = judge(cluster, prefix, before, last);
        for (WatchProcess watcher : watchers) {
            watcher.awaitRevision(last, WAIT);
            watcher.close();
            assertThat(new WatchGuaranteesChecker()
                            .check(watcher.name(), watcher.sightings(), change -> true, timeline, last))
                    .matches(verdict -> verdict.valid());
        }
    }

    @Test
    void nothingAcknowledgedIsLostWhenEachNodeIsKilledInTurn(Cluster cluster) {
        String prefix = "kill/";
        long before = revision(cluster);
        try (WatchProcess watcher = new WatchProcess(
                "mover", prefix, before + 1, () -> cluster.live().get(0))) {
            int number = 0;
            for (Node victim : cluster.nodes()) {
                for (int i = 0; i < 20; i++) {
                    assertThat(process.write(victim, prefix + i, "v" + number++))
                            .isPresent();
                }

                victim.kill();
                Node other = cluster.awaitLeader(WAIT);
                for (int i = 0; i < 20; i++) {
                    assertThat(process.read(other, prefix + i)).isPresent();
                }
                assertThat(process.write(other, prefix + "meanwhile", "v" + number++))
                        .isPresent();

                victim.start();
                cluster.awaitReady(WAIT);
                assertThat(process.localRead(victim, prefix + "meanwhile")).isPresent();
            }
            long last = revision(cluster);
            Timeline timeline = judge(cluster, prefix, before, last);
            watcher.awaitRevision(last, WAIT);
            assertThat(new WatchGuaranteesChecker().check("mover", watcher.sightings(), change -> true, timeline, last))
                    .matches(verdict -> verdict.valid());
        }
    }

    @Test
    void allNodesKilledAtOnceLoseNothing(Cluster cluster) {
        String prefix = "kill-all/";
        long before = revision(cluster);
        for (int i = 0; i < 50; i++) {
            assertThat(process.write(cluster.nodes().get(i % 3), prefix + i, "v" + i))
                    .isPresent();
        }

        cluster.nodes().forEach(Node::kill);
        cluster.nodes().forEach(Node::start);
        cluster.awaitReady(Await.PATIENCE);

        for (int i = 0; i < 50; i++) {
            assertThat(process.read(cluster.nodes().get(i % 3), prefix + i)).isPresent();
        }
        judge(cluster, prefix, before, revision(cluster));
    }

    @Test
    void aPausedLeaderServesNoStaleReadWhenItWakesAndWritesGoOn(Cluster cluster) {
        String key = "pause/key";
        long before = revision(cluster);
        Node old = cluster.leader();
        assertThat(process.write(old, key, "before")).isPresent();

        old.pause();
        Node leader = cluster.awaitLeader(WAIT);
        assertThat(leader).isNotSameAs(old);
        Optional<Long> written = process.write(leader, key, "after");
        assertThat(written).isPresent();
        old.resume();
        // It still takes itself for the leader: a read may fail now, but must not answer with what was before.
        for (int i = 0; i < 50; i++) {
            process.read(old, key);
        }

        cluster.awaitReady(WAIT);
        assertThat(process.read(old, key))
                .hasValueSatisfying(revision -> assertThat(revision).isGreaterThanOrEqualTo(written.orElseThrow()));
        judge(cluster, "pause/", before, revision(cluster));
    }

    @Test
    void aRetriedWriteTakesEffectOnceAlsoWhenTheLeaderIsKilledUnderIt(Cluster cluster) {
        String prefix = "once/";
        long before = revision(cluster);
        Node leader = cluster.leader();
        List<Node> others = cluster.followers();
        KvProcess client = new KvProcess(recorder, Duration.ofSeconds(5));
        Thread killer = new Thread(leader::kill);
        for (int i = 0; i < 40; i++) {
            if (i == 15) {
                killer.start();
            }
            Optional<Long> first = client.once(others, prefix + i, "o" + i, 10);
            assertThat(first).as("operation %d", i).isPresent();
            assertThat(client.again(others.get(i % 2), prefix + i, "o" + i)).isEqualTo(first);
        }
        join(killer);
        leader.start();
        cluster.awaitReady(WAIT);
        // The memory of the answers is in the state, so also the one that was away has it.
        assertThat(client.again(leader, prefix + 39, "o39")).isPresent();
        Timeline timeline = WatchProcess.timeline(cluster.leader(), prefix, before + 1, revision(cluster));
        assertThat(new dev.store.jepsen.check.ExactlyOnceChecker()
                        .check(recorder.history().calls("once"), timeline))
                .matches(verdict -> verdict.valid());
    }

    private static void join(Thread thread) {
        try {
            thread.join(20_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(thread.isAlive()).isFalse();
    }

    private Timeline judge(Cluster cluster, String prefix, long before, long last) {
        History history = recorder.history();
        Timeline timeline = WatchProcess.timeline(cluster.leader(), prefix, before + 1, last);
        assertThat(new RevisionOrderChecker().check(history.calls(), timeline)).matches(verdict -> verdict.valid());
        return timeline;
    }

    static long revision(Cluster cluster) {
        KvProcess reader = new KvProcess(new Recorder(), CALL);
        return reader.read(cluster.leader(), "no-such-key").orElseThrow();
    }
}
