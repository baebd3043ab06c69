package dev.store.raft.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import dev.store.raft.SnapshotFile;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.keyspace.ScopedKey;
import dev.store.raft.v1.AddLearnerChange;
import dev.store.raft.v1.MembershipChange;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(90)
class SnapshotTest {
    private static final ReadOptions LOCAL = ReadOptions.newBuilder()
            .setConsistency(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE)
            .build();

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void followerThatMissedMoreThanTheLogHoldsIsBroughtBackWhileItServes(boolean stored) {
        Cluster cluster = new Cluster(folder);
        cluster.tuning = Cluster::tiny;
        cluster.stored = stored;
        try (cluster) {
            cluster.start(3);
            String leader = cluster.leader();
            String away = cluster.follower();
            cluster.put(leader, "k", "before");
            assertThat(cluster.read(away, "k")).isEqualTo("before");
            long seen = cluster.replica(away).info().appliedIndex();

            cluster.partition().isolate(away, cluster.nodes.keySet());
            // Purging does not wait for the member that is away.
            cluster.putUntilPurged(leader, seen + 1);
            cluster.put(leader, "k", "after");
            try (KeyspaceView old = Cluster.get(cluster.replica(away).read(LOCAL, Duration.ofSeconds(1)))) {
                cluster.partition().heal();

                Cluster.await(
                        "a snapshot on " + away,
                        () -> !cluster.node(away).parts().installed.isEmpty());
                assertThat(cluster.read(away, "k")).isEqualTo("after");
                assertThat(value(old, "k")).as("a view of the replaced state").isEqualTo("before");
            }
            assertThat(cluster.node(away).parts().installed.get(0)).isPositive();
            cluster.put(leader, "k", "later");
            assertThat(cluster.read(away, "k")).isEqualTo("later");
            assertThat(cluster.node(away).parts().fatal).isEmpty();
        }
    }

    @Test
    void entriesThatComeAgainAfterARestartAreSkipped() {
        try (Cluster cluster = Cluster.start(folder, 1, Cluster::tiny)) {
            cluster.leader();
            cluster.putUntilPurged("n1", 0);
            // As a background flush would: the state is ahead of the newest snapshot, behind the log.
            cluster.put("n1", "k", "flushed");
            cluster.node("n1").parts().keyspace().flush();
            cluster.put("n1", "k", "not flushed");
            long revision = cluster.replica("n1").info().revision();

            cluster.stop("n1");
            cluster.restart("n1");

            cluster.leader();
            assertThat(cluster.read("n1", "k")).isEqualTo("not flushed");
            assertThat(cluster.replica("n1").info().revision()).isEqualTo(revision);
            assertThat(cluster.node("n1").parts().keyspace().skipped()).isPositive();
        }
    }

    @Test
    void stateIsMadeAgainFromTheSnapshotWhenItIsMissing() throws IOException {
        try (Cluster cluster = Cluster.start(folder, 1, Cluster::tiny)) {
            cluster.leader();
            cluster.putUntilPurged("n1", 0);
            cluster.put("n1", "k", "v");
            cluster.stop("n1");
            Folders.delete(folder.resolve("n1/db"));

            cluster.restart("n1");

            cluster.leader();
            assertThat(cluster.read("n1", "k")).isEqualTo("v");
        }
    }

    @Test
    void stateWithoutAnySnapshotIsEnoughToStart() throws IOException {
        try (Cluster cluster = Cluster.start(folder, 1, Cluster::tiny)) {
            cluster.leader();
            cluster.putUntilPurged("n1", 0);
            cluster.put("n1", "k", "v");
            cluster.node("n1").parts().keyspace().flush();
            cluster.stop("n1");
            // The process died while Ratis replaced the folder of snapshots.
            Files.move(folder.resolve("n1/snapshots"), folder.resolve("n1/snapshots.tmp2026"));

            cluster.restart("n1");

            cluster.leader();
            assertThat(cluster.read("n1", "k")).isEqualTo("v");
            assertThat(folder.resolve("n1/snapshots.tmp2026")).doesNotExist();
        }
    }

    @Test
    void memberWhoseLogWasTakenAwayDoesNotStart() throws IOException {
        try (Cluster cluster = Cluster.start(folder, 1)) {
            cluster.leader();
            cluster.put("n1", "k", "v");
            cluster.put("n1", "k", "w");
            cluster.node("n1").parts().keyspace().flush();
            cluster.stop("n1");
            Folders.delete(DataFolder.raftFolder(folder.resolve("n1")));
            Path snapshots = folder.resolve("n1/snapshots");
            Folders.delete(snapshots);
            Files.createDirectories(snapshots.resolve("1_0"));
            Files.writeString(snapshots.resolve("1_0").resolve("COMPLETE"), "0\n");
            Files.writeString(snapshots.resolve("1_0").resolve("state"), "");

            assertThatThrownBy(() -> cluster.restart("n1"))
                    .isInstanceOf(ReplicaException.class)
                    .hasMessageContaining("the log ends at")
                    .hasMessageContaining("add the member again");
        }
    }

    @Test
    void memberWhoseOpenSegmentWasEmptiedDoesNotStart() throws IOException {
        try (Cluster cluster = Cluster.start(folder, 3)) {
            String leader = cluster.leader();
            String member = cluster.follower();
            cluster.put(leader, "k", "v");
            Path data = folder.resolve(member);
            long committed = cluster.replica(leader).info().committedIndex();
            Cluster.await("a note of the commit index", () -> CommitMark.read(data) >= committed);
            cluster.stop(member);
            // The state of a member that was killed: nothing of it was flushed.
            Folders.delete(data.resolve("db"));
            for (Path open : logs(data)) {
                Files.write(open, new byte[4096]);
            }

            assertThatThrownBy(() -> cluster.restart(member))
                    .isInstanceOf(ReplicaException.class)
                    .hasMessageContaining("this member knew as committed")
                    .hasMessageContaining("add the member again");
        }
    }

    private static List<Path> logs(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(DataFolder.raftFolder(data))) {
            return files.filter(path -> path.getFileName().toString().startsWith("log_"))
                    .toList();
        }
    }

    @Test
    void snapshotFileBecomesANewClusterThatOthersCanJoin() throws IOException {
        Path file = folder.resolve("snapshot.zip");
        long revision;
        try (Cluster old = new Cluster(folder.resolve("old"))) {
            old.stored = true;
            old.start(3);
            old.leader();
            for (int i = 0; i < 50; i++) {
                old.put("n1", "k" + i, "v" + i);
            }
            String follower = old.follower();
            old.read(follower, "k0");
            SnapshotFile written = Cluster.get(old.replica(follower).writeSnapshot(file));
            revision = written.revision();
            assertThat(revision).isEqualTo(50);
            assertThat(written.bytes()).isEqualTo(Files.size(file));
            assertThatThrownBy(() ->
                            SnapshotRestore.restore(file, "n1", old.groupId, folder.resolve("same"), Clock.systemUTC()))
                    .hasMessageContaining("expected: a new one");
        }

        try (Cluster restored = new Cluster(folder.resolve("new"))) {
            restored.stored = true;
            restored.groupId = UUID.randomUUID();
            for (String name : List.of("n1", "n2", "n3")) {
                SnapshotRestore.Restored done = SnapshotRestore.restore(
                        file, name, restored.groupId, folder.resolve("new").resolve(name), Clock.systemUTC());
                assertThat(done.revision()).isEqualTo(revision);
            }
            restored.start(3);
            restored.leader();
            for (String name : List.of("n1", "n2", "n3")) {
                assertThat(restored.read(name, "k49")).isEqualTo("v49");
            }
            assertThat(restored.put("n2", "k", "new").getRevision()).isEqualTo(revision + 1);

            PeerAddress fourth = restored.address("n4");
            restored.start(fourth, List.of());
            Cluster.get(restored.replica("n1")
                    .changeMembership(MembershipChange.newBuilder()
                            .setAddLearner(AddLearnerChange.newBuilder()
                                    .setName("n4")
                                    .setRaftEndpoint(fourth.raftEndpoint())
                                    .setClientEndpoint(fourth.clientEndpoint()))
                            .build()));
            assertThat(restored.read("n4", "k49")).isEqualTo("v49");
            assertThat(restored.read("n4", "k")).isEqualTo("new");
        }
    }

    @Test
    void damagedSnapshotFileIsRefused() throws IOException {
        Path file = folder.resolve("snapshot.zip");
        try (Cluster cluster = Cluster.start(folder.resolve("old"), 1)) {
            cluster.leader();
            byte[] noise = new byte[20_000];
            new Random(7).nextBytes(noise);
            cluster.put("n1", "k", Base64.getEncoder().encodeToString(noise));
            Cluster.get(cluster.replica("n1").writeSnapshot(file));
        }
        List<Long> accepted = new ArrayList<>();
        long size = Files.size(file);

        for (long at = 0; at < size; at += 1 + size / 40) {
            Path damaged = folder.resolve("damaged.zip");
            Files.copy(file, damaged, StandardCopyOption.REPLACE_EXISTING);
            try (RandomAccessFile bytes = new RandomAccessFile(damaged.toFile(), "rw")) {
                bytes.seek(at);
                int old = bytes.read();
                bytes.seek(at);
                bytes.write(old ^ 0x40);
            }
            Path target = folder.resolve("restored-" + at);
            try {
                SnapshotRestore.restore(damaged, "n1", UUID.randomUUID(), target, Clock.systemUTC());
                accepted.add(at);
            } catch (ReplicaException e) {
                assertThat(target.resolve("IDENTITY")).doesNotExist();
            }
        }

        // A few bytes of the zip's own bookkeeping (time stamps, for one) do not matter; those of the state all do.
        assertThat(accepted).hasSizeLessThan(4);
    }

    private static String value(KeyspaceView view, String key) {
        return view.get(ScopedKey.of("", ByteString.copyFromUtf8(key)), 0)
                .orElseThrow()
                .value()
                .toStringUtf8();
    }
}
