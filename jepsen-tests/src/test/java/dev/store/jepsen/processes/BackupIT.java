package dev.store.jepsen.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.v1.HashResponse;
import dev.store.api.v1.Member;
import dev.store.api.v1.MembersRequest;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Cluster;
import dev.store.jepsen.cluster.Distribution;
import dev.store.jepsen.cluster.MemberHashes;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.cluster.StoreCommand;
import dev.store.jepsen.history.Recorder;
import dev.store.jepsen.workload.KvProcess;
import dev.store.jepsen.workload.LeaseProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** From a cluster of three, by the command store, into a new cluster of three. */
@ExtendWith(SharedCluster.class)
@Timeout(1_800)
class BackupIT {
    private static final Duration CALL = Duration.ofMinutes(1);
    private static final int LEASE_MS = 3_600_000;

    private final KvProcess process = new KvProcess(SharedCluster.newRecorder(), CALL);

    @TempDir
    Path folder;

    @Test
    void aSavedClusterComesBackWholeAsANewClusterOfThree(Cluster cluster) {
        for (int i = 0; i < 50; i++) {
            process.writeUntilAcknowledged(cluster.leader(), "backup/" + i % 20, "value " + i);
        }
        LeaseProcess owner = new LeaseProcess(new Recorder(), "backup/leased");
        owner.grant(cluster.leader(), LEASE_MS);
        long revision = ThreeProcessesIT.revision(cluster);
        HashResponse saved = cluster.leader().client().hash(revision);
        Path file = folder.resolve("backup.store");
        StoreCommand store =
                new StoreCommand(Distribution.find(), folder, Map.of("STORE_ENDPOINTS", cluster.endpoints()));

        run(store, "snapshot", "save", file.toString());
        try (Cluster restored = Cluster.create(0, Map.of("cluster.name", "restored"))) {
            Node first = restored.newJoiner("r1");
            first.set("cluster.join", "false");
            run(
                    store,
                    "snapshot",
                    "restore",
                    file.toString(),
                    "--cluster.name=restored",
                    "--node.name=r1",
                    "--node.data=" + first.data());
            first.start();
            restored.awaitReady(Await.PATIENCE);
            for (String name : List.of("r2", "r3")) {
                grow(restored, first, name);
            }
            restored.awaitReady(Await.PATIENCE);

            for (Node node : restored.nodes()) {
                HashResponse hash = node.client().hash(revision);
                assertThat(hash.getHash()).as("hash at " + node).isEqualTo(saved.getHash());
                assertThat(hash.getEntries()).isEqualTo(saved.getEntries());
                assertThat(owner.isThere(node)).isTrue();
                assertThat(owner.remainingMs(node)).isBetween(1L, (long) LEASE_MS);
            }
            MemberHashes.requireEqual(restored, Await.PATIENCE);
            long next = process.writeUntilAcknowledged(first, "backup/new", "1");
            assertThat(next).isEqualTo(revision + 1);
        }
    }

    private static void grow(Cluster cluster, Node asked, String name) {
        Node node = cluster.newJoiner(name);
        node.start();
        Await.until(Await.PATIENCE, node + " as a learner", () -> {
            if (!isMember(asked, name)) {
                cluster.addLearner(asked, node);
            }
            return true;
        });
        Await.until(Await.PATIENCE, node + " as a voter", () -> {
            cluster.promote(node);
            return true;
        });
    }

    private static boolean isMember(Node asked, String name) {
        return asked.client().cluster(CALL).members(MembersRequest.getDefaultInstance()).getMembersList().stream()
                .map(Member::getName)
                .anyMatch(name::equals);
    }

    private static void run(StoreCommand store, String... arguments) {
        StoreCommand.Result result = store.run(arguments);
        assertThat(result.exitCode()).as(result.output()).isZero();
    }
}
