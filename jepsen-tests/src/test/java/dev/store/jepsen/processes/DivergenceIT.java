package dev.store.jepsen.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.v1.MemberRole;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Cluster;
import dev.store.jepsen.cluster.Distribution;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.workload.KvProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A member whose files say something else than the others', with every checksum right. */
@ExtendWith(SharedCluster.class)
@Timeout(1_800)
class DivergenceIT {
    private static final int FATAL = 70;
    private static final int DATA_REFUSED = 5;

    private final KvProcess process = new KvProcess(SharedCluster.newRecorder(), Duration.ofSeconds(10));

    @TempDir
    Path folder;

    @Test
    void aMemberThatComputesSomethingElseTakesItselfOutAndStaysOut(Cluster cluster) throws Exception {
        process.writeUntilAcknowledged(cluster.leader(), "divergence/k", "what-everybody-has");
        Node odd = cluster.followers().get(0);
        cluster.awaitReady(Await.PATIENCE);
        assertThat(odd.terminate(Await.PATIENCE)).isZero();
        corrupt(odd, "what-everybody-has", "what-nobody-wrote!");
        odd.start();
        cluster.awaitReady(Await.PATIENCE);

        // True for the others, false there: only from here on it computes something else.
        Await.until(
                Await.PATIENCE,
                "a change that depends on the value",
                () -> process.cas(cluster.leader(), "divergence/k", "what-everybody-has", "next")
                                .isPresent()
                        || process.cas(cluster.leader(), "divergence/k", "next", "next")
                                .isPresent());

        assertThat(odd.awaitExit(Await.PATIENCE)).isEqualTo(FATAL);
        assertThat(odd.logTail(200))
                .contains(
                        "FATAL: stopping at once: the state of member \"" + odd.name() + "\" differs from the others'")
                .contains("2 of 3 voters")
                .contains("Remove the member from the cluster, empty its data folder");
        assertThat(process.read(cluster.leader(), "divergence/k")).isPresent();
        odd.start();
        assertThat(odd.awaitExit(Await.PATIENCE)).isEqualTo(DATA_REFUSED);
        assertThat(odd.logTail(20)).contains("its state differs from that of the other members");

        bringBack(cluster, odd);
    }

    /** As the message says. */
    private static void bringBack(Cluster cluster, Node odd) {
        Await.until(Await.PATIENCE, odd + " to be removed", () -> {
            cluster.remove(odd);
            return true;
        });
        odd.wipe();
        odd.joinAnew();
        odd.start();
        Await.until(Await.PATIENCE, odd + " as a voter again", () -> {
            MemberRole role = MembershipIT.roleOf(cluster, odd.name());
            if (role == MemberRole.MEMBER_ROLE_UNKNOWN) {
                cluster.addLearner(odd);
            } else if (role == MemberRole.MEMBER_ROLE_LEARNER) {
                cluster.promote(odd);
            }
            return role == MemberRole.MEMBER_ROLE_FOLLOWER;
        });
    }

    /** The rig may not see RocksDB: a process of its own does it, with the library of the distribution. */
    private void corrupt(Node node, String from, String to) throws IOException, InterruptedException {
        Path source = folder.resolve("ReplaceInStorage.java");
        try (var resource = DivergenceIT.class.getResourceAsStream("/ReplaceInStorage.java.txt")) {
            assertThat(resource).isNotNull();
            Files.copy(resource, source);
        }
        File output = folder.resolve("output").toFile();
        Process replacing = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + node.temporary(),
                        "-cp",
                        Distribution.find().home().resolve("store-server/target/dist/lib") + "/*",
                        source.toString(),
                        node.data().resolve("db").toString(),
                        from,
                        to)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        assertThat(replacing.waitFor(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(replacing.exitValue()).as(Files.readString(output.toPath())).isZero();
    }
}
