package dev.store.raft.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.Put;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.server.leader.LogAppender;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong with Ratis where nobody takes care, one test for each. */
@Timeout(60)
class TrapsTest {
    @TempDir
    Path folder;

    @Test
    void commandTooLargeForAnEntryIsRefusedWithoutDeposingTheLeader() {
        try (Cluster cluster = Cluster.start(folder, 3)) {
            String leader = cluster.leader();
            long term = cluster.replica(leader).info().term();

            assertThatThrownBy(() -> Cluster.get(cluster.replica(leader).propose(big(Proposer.MAX_COMMAND_BYTES))))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
            // The largest one that is let through fits, envelope and all.
            Cluster.get(cluster.replica(leader).propose(big(Proposer.MAX_COMMAND_BYTES - 64)));

            assertThat(cluster.replica(leader).info().term()).isEqualTo(term);
            assertThat(cluster.leader()).isEqualTo(leader);
        }
    }

    @Test
    void applicationErrorIsAResultAndReadsGoOn() {
        try (Cluster cluster = Cluster.start(folder, 3)) {
            cluster.leader();
            cluster.put("n1", "k", "v");

            CommandResult result = Cluster.get(cluster.replica("n1").propose(Command.getDefaultInstance()));

            assertThat(result.getFailure().getCode()).isEqualTo("KEY_NOT_FOUND");
            long start = System.nanoTime();
            assertThat(cluster.read("n2", "k")).isEqualTo("v");
            assertThat(System.nanoTime() - start).as("ns").isLessThan(2_500_000_000L);
        }
    }

    @Test
    void stateThatCannotBeWrittenEndsTheMemberAndOnlyIt() {
        try (Cluster cluster = Cluster.start(folder, 3)) {
            String leader = cluster.leader();
            String sick = cluster.follower();
            cluster.put(leader, "k", "v");

            cluster.node(sick).parts().keyspace().breakDown();
            cluster.putSurely(leader, "k", "w");

            Cluster.await(
                    sick + " to stop", () -> !cluster.node(sick).parts().fatal.isEmpty());
            assertThat(cluster.node(sick).parts().fatal.get(0)).contains("could not be applied");
            cluster.putSurely(leader, "k", "x");
            assertThat(cluster.node(leader).parts().fatal).isEmpty();
        }
    }

    @Test
    void logThatCannotBeWrittenEndsTheMember() throws IOException {
        try (Cluster cluster = Cluster.start(folder, 3, Cluster::tiny)) {
            String leader = cluster.leader();
            String sick = cluster.follower();
            cluster.put(leader, "k", "v");

            // As a failed disk would: the next file of the log cannot be made.
            Path log = DataFolder.raftFolder(folder.resolve(sick));
            Files.move(log, log.resolveSibling("gone"));
            String value = "x".repeat(2_000);
            for (int i = 0; i < 40; i++) {
                cluster.put(leader, "filler", value);
            }

            Cluster.await(
                    sick + " to stop", () -> !cluster.node(sick).parts().fatal.isEmpty());
            assertThat(cluster.node(leader).parts().fatal).isEmpty();
        }
    }

    @Test
    void replicaThatDivergesTakesItselfOutAndDoesNotComeBack() {
        try (Cluster cluster = Cluster.start(folder, 3)) {
            String leader = cluster.leader();
            String odd = cluster.follower();
            cluster.put(leader, "k", "v");
            assertThat(cluster.read(odd, "k")).isEqualTo("v");

            cluster.node(odd).parts().keyspace().corrupt();
            cluster.put(leader, "k", "w");

            Cluster.await(
                    odd + " to stop", () -> !cluster.node(odd).parts().fatal.isEmpty());
            assertThat(cluster.node(odd).parts().fatal.get(0)).contains("differs from the others'", "2 of 3 voters");
            assertThat(cluster.node(leader).parts().fatal).isEmpty();
            cluster.stop(odd);
            assertThatThrownBy(() -> cluster.restart(odd))
                    .isInstanceOf(ReplicaException.class)
                    .hasMessageContaining("add the member again");
        }
    }

    @Test
    void requestsOfRatisOwnClientsAreRefusedAndTheLeaderStays() throws IOException {
        try (Cluster cluster = Cluster.start(folder, 1)) {
            cluster.leader();
            cluster.put("n1", "k", "v");
            long term = cluster.replica("n1").info().term();
            RaftGroup group = RaftGroup.valueOf(
                    RaftGroupId.valueOf(cluster.groupId),
                    RaftPeer.newBuilder()
                            .setId("n1")
                            .setAddress(cluster.address("n1").raftEndpoint())
                            .build());

            try (RaftClient intruder = RaftClient.newBuilder()
                    .setRaftGroup(group)
                    .setProperties(new RaftProperties())
                    .setRetryPolicy(RetryPolicies.noRetry())
                    .build()) {
                RaftClientReply reply = intruder.io().send(Message.valueOf("raw bytes"));
                assertThat(reply.isSuccess()).isFalse();
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("the member itself only");
            }

            assertThat(cluster.replica("n1").info().term()).isEqualTo(term);
            assertThat(cluster.replica("n1").info().revision()).isEqualTo(1);
            assertThat(cluster.put("n1", "k", "w").getRevision()).isEqualTo(2);
        }
    }

    @Test
    void tornLogTailIsRepairedAndDamageInTheMiddleIsRefused() throws IOException {
        try (Cluster cluster = Cluster.start(folder, 1)) {
            cluster.leader();
            for (int i = 0; i < 10; i++) {
                cluster.put("n1", "k" + i, "v");
            }
            cluster.stop("n1");
            Path log = openLog(cluster);
            try (RandomAccessFile bytes = new RandomAccessFile(log.toFile(), "rw")) {
                // Half a record that was never synced, with padding behind it.
                bytes.seek(bytes.length());
                bytes.write(new byte[] {100, 1, 2, 3, 4, 5, 0, 0, 0, 0});
                bytes.setLength(bytes.length() + 4_000);
            }

            cluster.restart("n1");
            cluster.leader();
            assertThat(cluster.read("n1", "k9")).isEqualTo("v");
            cluster.put("n1", "k", "v");
            cluster.stop("n1");

            try (RandomAccessFile bytes = new RandomAccessFile(openLog(cluster).toFile(), "rw")) {
                bytes.seek(40);
                int old = bytes.read();
                bytes.seek(40);
                bytes.write(old ^ 1);
            }
            assertThatThrownBy(() -> cluster.restart("n1"))
                    .isInstanceOf(ReplicaException.class)
                    .hasMessageContaining("valid records follow");
        }
    }

    @Test
    void repeatedOperationIsAppliedOnceAlsoByTheNextLeader() {
        Cluster cluster = new Cluster(folder);
        cluster.stored = true;
        try (cluster) {
            cluster.start(3);
            String first = cluster.leader();
            Command once = Command.newBuilder()
                    .setOperation(OperationId.newBuilder().setClientId(77).setSequence(1))
                    .setPut(Put.newBuilder()
                            .setKey(ByteString.copyFromUtf8("k"))
                            .setValue(ByteString.copyFromUtf8("v")))
                    .build();
            long revision = Cluster.get(cluster.replica(first).propose(once)).getRevision();
            cluster.transferLeadership(first, cluster.follower());
            String second = cluster.leader();
            assertThat(second).isNotEqualTo(first);

            CommandResult again = Cluster.get(cluster.replica(first).propose(once));

            assertThat(again.getRevision()).isEqualTo(revision);
            assertThat(cluster.put(second, "other", "x").getRevision()).isEqualTo(revision + 1);
            assertThat(cluster.read(first, "k")).isEqualTo("v");
        }
    }

    @Test
    void portInUseIsAnErrorAndNotTheEndOfTheProcess() throws IOException {
        Cluster cluster = new Cluster(folder);
        PeerAddress self = cluster.address("n1");
        int port = Integer.parseInt(
                self.raftEndpoint().substring(self.raftEndpoint().indexOf(':') + 1));
        try (cluster;
                ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();

            assertThatThrownBy(() -> cluster.start(self, List.of(self)))
                    .isInstanceOf(ReplicaException.class)
                    .hasMessageContaining("raft listen address " + self.raftEndpoint() + ": cannot be listened on");
        }
        // Nothing is left behind that would keep the next start from working.
        try (cluster) {
            cluster.start(self, List.of(self));
            cluster.leader();
        }
    }

    @Test
    void fullQueueRefusesWithoutProposing() {
        try (Cluster cluster = Cluster.start(
                folder,
                1,
                options -> new ReplicaOptions(
                        options.self(),
                        options.groupId(),
                        options.initialMembers(),
                        options.place(),
                        options.timings(),
                        options.storage(),
                        new ReplicaOptions.Batching(1, 10, 1024, 20, 64 << 10)))) {
            cluster.leader();
            List<CompletableFuture<CommandResult>> answers = IntStream.range(0, 2_000)
                    .mapToObj(i -> cluster.replica("n1").localCalls().propose(Cluster.put("k", "v" + i)))
                    .toList();

            long applied = 0;
            long refused = 0;
            for (CompletableFuture<CommandResult> answer : answers) {
                try {
                    Cluster.get(answer);
                    applied++;
                } catch (StoreException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED);
                    refused++;
                }
            }

            assertThat(refused).isPositive();
            assertThat(cluster.replica("n1").info().revision()).isEqualTo(applied);
        }
    }

    @Test
    void memberThatLostWhatItAcknowledgedIsSentItAgainAlsoAfterALongAbsence() throws IOException {
        try (Cluster cluster = Cluster.start(folder, 3)) {
            String leader = cluster.leader();
            String member = cluster.follower();
            for (int i = 0; i < 20; i++) {
                cluster.put(leader, "k", "v" + i);
            }
            Cluster.await("the last put at " + member, () -> cluster.readLocal(member, "k")
                    .equals("v19"));
            cluster.stop(member);
            tearOff(openLog(cluster, member));
            // As if it had been killed at once: nothing was flushed, and no commit index noted.
            Path data = folder.resolve(member);
            Folders.delete(data.resolve("db"));
            Files.deleteIfExists(data.resolve("COMMITTED"));

            // From the eleventh failure on Ratis' appender sleeps after each, and then a heartbeat is due.
            hangUpOn(12, cluster.address(member));
            cluster.restart(member);

            Cluster.await("a put at " + member, () -> {
                cluster.put(leader, "k", "w");
                return cluster.readLocal(member, "k").equals("w");
            });
            assertThat(cluster.leader()).isEqualTo(leader);
        }
    }

    @Test
    void memberThatTheLeaderTriedInVainIsSentTheLogOnceItIsBack() {
        try (Cluster cluster = Cluster.start(folder, 3)) {
            String leader = cluster.leader();
            String member = cluster.follower();
            cluster.stop(member);
            // Once its connection is known to have failed, calls fail as soon as they are made.
            for (int i = 0; i < 50; i++) {
                cluster.put(leader, "k", "v" + i);
            }

            cluster.restart(member);

            Cluster.await("the last put at " + member, () -> cluster.readLocal(member, "k")
                    .equals("v49"));
        }
    }

    @Test
    void memberThatIsAwayIsTriedNowAndThenAndNotAsFastAsTheLeaderCan() throws IOException {
        try (Cluster cluster = Cluster.start(folder, 3)) {
            String leader = cluster.leader();
            String member = cluster.follower();
            cluster.put(leader, "k", "v");
            cluster.stop(member);
            long before = calls(cluster, leader, member);

            hangUpOn(30, cluster.address(member));

            // A heartbeat and an entry or two for each connection.
            assertThat(calls(cluster, leader, member) - before).isLessThan(300);
        }
    }

    @Test
    void memberWhoseLogEndsBeforeItsSnapshotGoesOnFromTheSnapshot() throws IOException {
        try (Cluster cluster = Cluster.start(folder, 3, TrapsTest::snapshotsInOneSegment)) {
            String leader = cluster.leader();
            String member = cluster.follower();
            String value = "x".repeat(2_000);
            Cluster.await("a snapshot of " + member, () -> {
                cluster.put(leader, "k", value);
                return cluster.log(member).getSnapshotIndex() > 0;
            });
            long snapshot = cluster.log(member).getSnapshotIndex();
            cluster.stop(member);
            // The end of the file is lost, from the entry on up to which the snapshot goes.
            Path log = openLog(cluster, member);
            byte[] content = Files.readAllBytes(log);
            int at = "RaftLog1".length();
            LogTailRepair.Frame frame = LogTailRepair.Frame.read(content, at);
            while (frame != null && frame.index() < snapshot) {
                at = frame.end();
                frame = LogTailRepair.Frame.read(content, at);
            }
            assertThat(frame).isNotNull();
            Files.write(log, Arrays.copyOf(content, at));
            Path data = folder.resolve(member);
            Folders.delete(data.resolve("db"));
            Files.deleteIfExists(data.resolve("COMMITTED"));

            cluster.restart(member);

            Cluster.await("a put at " + member, () -> {
                cluster.put(leader, "k", "w");
                return cluster.readLocal(member, "k").equals("w");
            });
        }
    }

    private static ReplicaOptions snapshotsInOneSegment(ReplicaOptions options) {
        return new ReplicaOptions(
                options.self(),
                options.groupId(),
                options.initialMembers(),
                options.place(),
                options.timings(),
                new ReplicaOptions.Storage(16 << 20, 32 << 10, Duration.ofHours(1), 0),
                options.batching());
    }

    /** The last record of a log loses its end. */
    private static void tearOff(Path log) throws IOException {
        byte[] content = Files.readAllBytes(log);
        int end = content.length;
        while (content[end - 1] == 0) {
            end--;
        }
        Files.write(log, Arrays.copyOf(content, end - 6));
    }

    /** Takes so many connections at the Raft port of a member that does not run, and ends them. */
    /** How many messages with entries, and heartbeats, a leader has begun for a member. */
    private static long calls(Cluster cluster, String leader, String member) {
        ReplicaCore core = cluster.replica(leader).core();
        LogAppender appender = core.appenders().of(RaftPeerId.valueOf(member));
        assertThat(appender).isNotNull();
        return appender.getCallId();
    }

    private static void hangUpOn(int connections, PeerAddress address) throws IOException {
        int port = Integer.parseInt(address.raftEndpoint().substring("127.0.0.1:".length()));
        try (ServerSocket socket = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
            socket.setSoTimeout((int) Cluster.PATIENCE.toMillis());
            for (int i = 0; i < connections; i++) {
                socket.accept().close();
            }
        }
    }

    private static Path openLog(Cluster cluster) throws IOException {
        return openLog(cluster, "n1");
    }

    private static Path openLog(Cluster cluster, String member) throws IOException {
        Path logs = DataFolder.raftFolder(cluster.folder.resolve(member))
                .resolve(cluster.groupId.toString())
                .resolve("current");
        List<Path> open = Folders.list(logs).stream()
                .filter(path -> path.getFileName().toString().startsWith("log_inprogress_"))
                .toList();
        assertThat(open).hasSize(1);
        assertThat(Files.size(open.get(0))).isPositive();
        return open.get(0);
    }

    private static Command big(int bytes) {
        return Command.newBuilder()
                .setPut(Put.newBuilder()
                        .setKey(ByteString.copyFromUtf8("k"))
                        .setValue(ByteString.copyFrom(new byte[bytes])))
                .build();
    }
}
