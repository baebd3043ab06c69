package dev.store.jepsen.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Cluster;
import dev.store.jepsen.cluster.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A node that cannot run safely says why in one line and ends; after that it starts again as if nothing had been. */
@ExtendWith(SharedCluster.class)
@Timeout(1_800)
class DataFolderIT {
    private static final Duration EXIT = Await.PATIENCE;
    private static final int ADDRESS_UNAVAILABLE = 4;
    private static final int DATA_REFUSED = 5;
    private static final int DATA_UNWRITABLE = 6;

    @Test
    void theFolderOfAnotherNodeOfAnotherClusterOrOfANewerFormatIsRefused(Cluster cluster) throws IOException {
        Node node = cluster.followers().get(0);
        assertThat(node.terminate(EXIT)).isZero();

        String members = node.setting("cluster.members");
        node.set("node.name", "other");
        node.set("cluster.members", members.replace(node.name() + "=", "other="));
        assertThat(refusal(node)).isEqualTo(DATA_REFUSED);
        assertThat(node.logTail(20))
                .contains("belongs to member \"" + node.name() + "\"")
                .contains("\"other\"");
        node.set("node.name", node.name());
        node.set("cluster.members", members);

        node.set("cluster.name", "another");
        assertThat(refusal(node)).isEqualTo(DATA_REFUSED);
        assertThat(node.logTail(20)).contains("belongs to cluster");
        node.set("cluster.name", "store");

        Path identity = node.data().resolve("IDENTITY");
        String before = Files.readString(identity);
        Files.writeString(identity, before.replaceFirst("format=\\d+", "format=999"));
        assertThat(refusal(node)).isEqualTo(DATA_REFUSED);
        assertThat(node.logTail(20)).contains("format 999");
        Files.writeString(identity, before);
    }

    @Test
    void aFolderInUseIsRefused(Cluster cluster) {
        Node node = cluster.followers().get(0);
        Node twin = cluster.newJoiner("twin");
        try {
            twin.set("node.name", node.name());
            twin.set("node.data", node.data().toString());
            assertThat(refusal(twin)).isEqualTo(DATA_REFUSED);
            assertThat(twin.logTail(20)).contains("in use by another process");
        } finally {
            cluster.forget(twin);
        }
    }

    @Test
    void aPortInUseIsNamed(Cluster cluster) {
        Node node = cluster.followers().get(0);
        Node twin = cluster.newJoiner("twin");
        try {
            twin.set("client.listen", node.clientEndpoint());
            assertThat(refusal(twin)).isEqualTo(ADDRESS_UNAVAILABLE);
            assertThat(twin.logTail(20)).contains(node.clientEndpoint()).contains("in use");
        } finally {
            cluster.forget(twin);
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed(Cluster cluster) {
        Node twin = cluster.newJoiner("twin");
        try {
            // Nobody may create a folder there, not even root.
            twin.set("node.data", "/proc/store");
            assertThat(refusal(twin)).isEqualTo(DATA_UNWRITABLE);
            assertThat(twin.logTail(20)).contains("/proc/store");
        } finally {
            cluster.forget(twin);
        }
    }

    @Test
    void anUnknownSettingIsNamed(Cluster cluster) {
        Node twin = cluster.newJoiner("twin");
        try {
            twin.set("raft.election-timeout-mim", "1s");
            assertThat(refusal(twin)).isEqualTo(2);
            assertThat(twin.logTail(20)).contains("raft.election-timeout-mim").contains("raft.election-timeout-min");
        } finally {
            cluster.forget(twin);
        }
    }

    @Test
    void aKilledNodeLeavesNothingBehindInTheTemporaryFolder(Cluster cluster) throws IOException {
        Node node = cluster.followers().get(0);
        for (int i = 0; i < 2; i++) {
            node.kill();
            node.start();
            cluster.awaitReady(Await.PATIENCE);
        }

        assertThat(files(node.temporary())).noneMatch(file -> file.contains("rocksdb"));
        assertThat(files(node.data().resolve("native"))).hasSize(1).allMatch(file -> file.contains("rocksdb"));
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static int refusal(Node node) {
        node.start();
        return node.awaitExit(EXIT);
    }
}
