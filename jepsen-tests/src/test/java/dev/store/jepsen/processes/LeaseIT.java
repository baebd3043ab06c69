package dev.store.jepsen.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.jepsen.check.LeaseChecker;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Cluster;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.history.Recorder;
import dev.store.jepsen.workload.LeaseProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedCluster.class)
@Timeout(1_800)
class LeaseIT {
    private static final Duration WAIT = Await.PATIENCE;
    /** An end is late by up to the time to live after a change of leader, and by the election; see lease.proto. */
    private static final Duration LATE = Duration.ofMinutes(1);

    private final Recorder recorder = SharedCluster.newRecorder();

    @Test
    void aLeaseLivesItsTimeAndEndsWithItsKeys(Cluster cluster) {
        LeaseProcess owner = new LeaseProcess(recorder, "lease/quiet");
        Node node = cluster.followers().get(0);

        owner.grant(node, 2_000);
        assertThat(owner.keepAlive(node, WAIT)).contains(2_000L);
        owner.awaitGone(cluster.leader(), WAIT);

        assertThat(owner.keepAlive(node, WAIT)).contains(0L);
        judge(LATE);
    }

    @Test
    void remainingTimeSurvivesAChangeOfLeaderAndNeverEndsEarly(Cluster cluster) {
        List<LeaseProcess> owners = new ArrayList<>();
        Node old = cluster.leader();
        Node follower = cluster.followers().get(0);
        for (int i = 0; i < 5; i++) {
            LeaseProcess owner = new LeaseProcess(recorder, "lease/survives/" + i);
            owner.grant(follower, 10_000 + 500L * i);
            if (i % 2 == 0) {
                assertThat(owner.keepAlive(follower, WAIT)).isPresent();
            }
            owners.add(owner);
        }

        old.kill();
        Node leader = cluster.awaitLeader(WAIT);
        for (LeaseProcess owner : owners) {
            long remaining = Await.answer(
                    WAIT, "the remaining time of " + owner.key(), () -> Optional.of(owner.remainingMs(leader)));
            assertThat(remaining).isBetween(1L, 12_000L);
        }
        for (LeaseProcess owner : owners) {
            owner.awaitGone(leader, WAIT);
        }

        judge(LATE);
    }

    @Test
    void aLeaseThatIsKeptAliveOutlivesLeadersAndEndsWhenItsOwnerStops(Cluster cluster) {
        LeaseProcess owner = new LeaseProcess(recorder, "lease/kept");
        owner.grant(cluster.leader(), 15_000);

        Node killed = cluster.leader();
        killed.kill();
        keepAliveUntilAcknowledged(owner, cluster);
        killed.start();
        Node paused = cluster.awaitLeader(WAIT);
        paused.pause();
        keepAliveUntilAcknowledged(owner, cluster);
        paused.resume();
        // The paused leader wakes up believing that the lease has long ended; it must not be believed.
        assertThat(owner.keepAlive(paused, Duration.ofSeconds(3)).orElse(15_000L))
                .isEqualTo(15_000L);
        cluster.awaitReady(WAIT);
        assertThat(owner.isThere(cluster.leader())).isTrue();

        owner.awaitGone(cluster.leader(), WAIT);
        judge(LATE);
    }

    private static void keepAliveUntilAcknowledged(LeaseProcess owner, Cluster cluster) {
        Optional<Long> ttl = Await.answer(WAIT, "a keepalive of " + owner.key(), () -> {
            Optional<Long> answer = owner.keepAlive(cluster.live().get(0), Duration.ofSeconds(2));
            return answer.isPresent() ? Optional.of(answer) : Optional.empty();
        });
        assertThat(ttl).contains(15_000L);
    }

    private void judge(Duration lateness) {
        assertThat(new LeaseChecker(lateness).check(recorder.history().calls())).matches(verdict -> verdict.valid());
    }
}
