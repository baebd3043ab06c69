package dev.store.jepsen.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.jepsen.check.Timeline;
import dev.store.jepsen.check.WatchGuaranteesChecker;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Cluster;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.workload.KvProcess;
import dev.store.jepsen.workload.WatchProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedCluster.class)
@Timeout(1_800)
class SnapshotIT {
    private static final Duration WAIT = Await.PATIENCE;
    private static final int VALUE = 64 * 1024;

    private final KvProcess process = new KvProcess(SharedCluster.newRecorder(), Duration.ofSeconds(10));

    @Test
    void aKilledFollowerThatMissedMoreThanTheLogHoldsIsBroughtBackBySnapshotAndItsWatcherMissesNothing(
            Cluster cluster) {
        Node follower = cluster.followers().get(0);
        broughtBackBySnapshot(cluster, follower, "snapshot/killed/", follower::kill, follower::start);
    }

    @Test
    void aPausedFollowerThatMissedMoreThanTheLogHoldsIsBroughtBackWithItsWatchersAttached(Cluster cluster) {
        Node follower = cluster.followers().get(0);
        broughtBackBySnapshot(cluster, follower, "snapshot/paused/", follower::pause, follower::resume);
    }

    @Test
    void aFewSmallWritesAreNoReasonForASnapshot(Cluster cluster) {
        Node leader = cluster.leader();
        List<Long> newest = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            process.writeUntilAcknowledged(leader, "snapshot/small", "s" + i);
            newest.add(leader.client().status().getLog().getSnapshotIndex());
        }

        // One may have been due already.
        assertThat(newest.stream().distinct()).hasSizeLessThanOrEqualTo(2);
    }

    private void broughtBackBySnapshot(Cluster cluster, Node follower, String prefix, Runnable away, Runnable back) {
        long before = ThreeProcessesIT.revision(cluster);
        try (WatchProcess watcher = new WatchProcess("at " + follower.name(), prefix, before + 1, () -> follower)) {
            process.writeUntilAcknowledged(follower, prefix + "first", "1");
            watcher.awaitRevision(before + 1, WAIT);
            long applied = follower.client().status().getLog().getAppliedIndex();

            away.run();
            Node leader = cluster.awaitLeader(WAIT);
            writeUntilTheLogIsCut(leader, prefix, applied);
            back.run();
            // The cluster serves meanwhile.
            for (int i = 0; i < 20; i++) {
                process.writeUntilAcknowledged(leader, prefix + "meanwhile" + i, "m" + i);
            }
            cluster.awaitReady(WAIT);

            long last = ThreeProcessesIT.revision(cluster);
            watcher.awaitRevision(last, WAIT);
            Timeline timeline = WatchProcess.timeline(leader, prefix, before + 1, last);
            assertThat(new WatchGuaranteesChecker()
                            .check(watcher.name(), watcher.sightings(), change -> true, timeline, last))
                    .matches(verdict -> verdict.valid());
            assertThat(WatchProcess.timeline(follower, prefix, before + 1, last).changes())
                    .isEqualTo(timeline.changes());
        }
    }

    /** The proof that a snapshot is needed: the first entry still in the leader's log is one that the follower lacks. */
    private void writeUntilTheLogIsCut(Node leader, String prefix, long applied) {
        String value = "x".repeat(VALUE);
        int[] number = {0};
        Await.until(WAIT, "a log that begins after index " + applied, () -> {
            for (int i = 0; i < 20; i++) {
                int n = number[0]++;
                process.writeUntilAcknowledged(leader, prefix + n % 50, n + value);
            }
            return leader.client().status().getLog().getFirstIndex() > applied + 1;
        });
    }
}
