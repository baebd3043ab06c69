package dev.store.server.discovery;

import static dev.store.api.v1.HealthStatus.HEALTH_STATUS_CRITICAL;
import static dev.store.api.v1.HealthStatus.HEALTH_STATUS_PASSING;
import static dev.store.server.discovery.DiscoveryCalls.beat;
import static dev.store.server.discovery.DiscoveryCalls.ephemeral;
import static dev.store.server.discovery.DiscoveryCalls.every;
import static dev.store.server.discovery.DiscoveryCalls.ids;
import static dev.store.server.discovery.DiscoveryCalls.persistent;
import static dev.store.server.discovery.DiscoveryCalls.ref;
import static dev.store.server.discovery.DiscoveryCalls.register;
import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.v1.HeartbeatOutcome;
import dev.store.api.v1.InstanceState;
import dev.store.api.v1.ResolveResponse;
import dev.store.server.testing.TestCluster;
import dev.store.server.testing.TestCluster.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What leader changes and restarts do to services: nothing. */
@Timeout(180)
class DiscoveryFailoverTest {
    private TestCluster cluster;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        cluster = TestCluster.start(folder, 3, Map.of());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void noInstanceIsLostOrTurnsCriticalWhenTheLeaderGoesAndWhenAllRestart() throws IOException {
        for (int i = 0; i < 20; i++) {
            register(cluster.node(i % 3), ephemeral("s", "h", "e" + i, 60_000));
            register(cluster.node(i % 3), persistent("s", "h", "p" + i));
        }
        List<String> all = ids(every(cluster.node(0), "s"));
        assertThat(all).hasSize(40);

        Node leader = cluster.leader();
        leader.stop();
        Node survivor = cluster.follower();
        TestCluster.await("a new leader", () -> healthy(survivor).equals(all));
        cluster.restart(leader);
        cluster.awaitReady();
        assertThat(healthy(leader)).isEqualTo(all);

        for (Node node : cluster.nodes()) {
            node.stop();
        }
        for (Node node : cluster.nodes()) {
            cluster.restart(node);
        }
        cluster.awaitReady();
        for (Node node : cluster.nodes()) {
            assertThat(healthy(node)).isEqualTo(all);
        }
        assertThat(beat(cluster.node(1), ref("s", "h", "e1")))
                .containsExactly(HeartbeatOutcome.HEARTBEAT_OUTCOME_ALIVE);
    }

    private static List<String> healthy(Node node) {
        try {
            ResolveResponse found = every(node, "s");
            assertThat(found.getInstancesList())
                    .extracting(InstanceState::getStatus)
                    .containsOnly(HEALTH_STATUS_PASSING);
            return ids(found);
        } catch (io.grpc.StatusRuntimeException e) {
            return List.of();
        }
    }

    @Test
    void timeOfAnOutageSurvivesARestartAndRemovalIsNeverEarly() throws IOException {
        register(cluster.node(0), persistent("s", "h", "stays"));
        register(cluster.node(0), ephemeral("s", "h", "gone", 1_000).setDeregisterAfterMs(4_000));
        TestCluster.await("critical", () -> state("gone") == HEALTH_STATUS_CRITICAL.getNumber());
        TestCluster.await(
                "the time noted",
                () -> every(cluster.leader(), "s").getInstances(0).getSinceMs() > 0
                        && cluster.leader().server() != null);
        long since = every(cluster.leader(), "s").getInstances(0).getSinceMs();
        Node leader = cluster.leader();
        TestCluster.await("the note on all members", () -> cluster.nodes().stream()
                .allMatch(node -> every(node, "s").getInstances(0).getSinceMs() == since));
        long stoppedAt = System.nanoTime();
        leader.stop();
        TestCluster.await("another leader", () -> {
            try {
                return every(cluster.follower(), "s").getInstancesCount() == 2;
            } catch (io.grpc.StatusRuntimeException e) {
                return false;
            }
        });

        TestCluster.await("removed", () -> ids(every(cluster.leader(), "s")).equals(List.of("h/stays")));
        // The new leader's clock starts when it leads, so from the change on the whole time passes once more.
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - stoppedAt)).isGreaterThan(3_900);
        cluster.restart(leader);
        cluster.awaitReady();
        assertThat(ids(every(leader, "s"))).containsExactly("h/stays");
    }

    private int state(String id) {
        return every(cluster.node(0), "s").getInstancesList().stream()
                .filter(state -> state.getInstance().getId().equals(id))
                .mapToInt(InstanceState::getStatusValue)
                .findFirst()
                .orElse(0);
    }

    @Test
    void massFailureRemovesNobodyWhileTheServiceIsProtected() {
        for (int i = 0; i < 4; i++) {
            register(cluster.node(0), ephemeral("s", "h", "" + i, 1_000).setDeregisterAfterMs(1_000));
        }
        register(cluster.node(0), ephemeral("control", "h", "1", 1_000).setDeregisterAfterMs(1_500));
        register(cluster.node(0), persistent("control", "h", "2"));

        TestCluster.await("protected", () -> every(cluster.node(0), "s").getProtected());
        // The control's time is longer: once it is removed, the time of the others is over too.
        TestCluster.await("the control removed", () -> ids(every(cluster.node(0), "control"))
                .equals(List.of("h/2")));

        assertThat(every(cluster.node(0), "s").getInstancesList())
                .hasSize(4)
                .extracting(InstanceState::getStatus)
                .containsOnly(HEALTH_STATUS_CRITICAL);
        beat(cluster.node(1), ref("s", "h", "0"), ref("s", "h", "1"));
        assertThat(every(cluster.node(1), "s").getProtected()).isFalse();
    }
}
