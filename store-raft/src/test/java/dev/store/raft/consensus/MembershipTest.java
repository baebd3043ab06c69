package dev.store.raft.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.MemberRole;
import dev.store.raft.v1.AddLearnerChange;
import dev.store.raft.v1.MembershipChange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
class MembershipTest {
    @TempDir
    Path folder;

    @Test
    void emptiedMemberComesBackByRemoveAndAdd() throws IOException {
        try (Cluster cluster = Cluster.start(folder, 3, Cluster::tiny)) {
            String lost = cluster.follower();
            String asked = cluster.leader();
            cluster.put(asked, "k", "v");
            cluster.putUntilPurged(asked, 5);
            cluster.stop(lost);
            Folders.delete(folder.resolve(lost));

            change(cluster, asked, MembershipChange.newBuilder().setRemove(lost).build());
            cluster.start(cluster.address(lost), List.of());
            change(cluster, asked, add(cluster.address(lost)));
            assertThat(cluster.replica(lost).info().role()).isEqualTo(MemberRole.MEMBER_ROLE_LEARNER);
            assertThat(cluster.read(lost, "k")).isEqualTo("v");
            change(
                    cluster,
                    asked,
                    MembershipChange.newBuilder().setPromote(lost).build());

            Cluster.await(
                    lost + " to be a follower",
                    () -> cluster.replica(lost).info().role() == MemberRole.MEMBER_ROLE_FOLLOWER);
            // It is needed for the majority now.
            String third = List.of("n1", "n2", "n3").stream()
                    .filter(name -> !name.equals(asked) && !name.equals(lost))
                    .findFirst()
                    .orElseThrow();
            cluster.stop(third);
            cluster.put(asked, "k", "w");
            assertThat(cluster.read(lost, "k")).isEqualTo("w");
            assertThat(cluster.node(lost).parts().fatal).isEmpty();
        }
    }

    /** Ratis stopped sending to every member that was ever a learner when another one could not be reached. */
    @Test
    void memberThatOnceWasALearnerIsStillSentTheLogWhenAnotherCannotBeAdded() throws IOException {
        try (Cluster cluster = Cluster.start(folder, 3)) {
            String again = cluster.follower();
            String asked = cluster.leader();
            cluster.put(asked, "k", "v");
            cluster.stop(again);
            Folders.delete(folder.resolve(again));
            change(
                    cluster,
                    asked,
                    MembershipChange.newBuilder().setRemove(again).build());
            cluster.start(cluster.address(again), List.of());
            change(cluster, asked, add(cluster.address(again)));
            change(
                    cluster,
                    asked,
                    MembershipChange.newBuilder().setPromote(again).build());

            long committed = cluster.log(asked).getCommittedIndex();
            refused(
                    ErrorCode.LEARNER_NOT_READY,
                    () -> change(cluster, asked, add("nobody", "127.0.0.1:1", "client-of-nobody:1")));
            // Entries are written while the change is under way, or Ratis may wait for ever.
            assertThat(cluster.log(asked).getCommittedIndex()).isGreaterThan(committed);

            String third = List.of("n1", "n2", "n3").stream()
                    .filter(name -> !name.equals(asked) && !name.equals(again))
                    .findFirst()
                    .orElseThrow();
            cluster.stop(third);
            cluster.putSurely(asked, "k", "w");
            assertThat(cluster.read(again, "k")).isEqualTo("w");
        }
    }

    @Test
    void memberThatIsRemovedStopsAndSaysWhy() {
        try (Cluster cluster = Cluster.start(folder, 3)) {
            String gone = cluster.follower();
            String asked = cluster.leader();
            cluster.put(asked, "k", "v");

            change(cluster, asked, MembershipChange.newBuilder().setRemove(gone).build());

            Cluster.await(
                    gone + " to stop", () -> !cluster.node(gone).parts().fatal.isEmpty());
            assertThat(cluster.node(gone).parts().fatal.get(0)).contains("was removed from the cluster");
            assertThat(cluster.replica(asked).info().members()).hasSize(2);
            cluster.put(asked, "k", "w");
        }
    }

    @Test
    void leaderThatIsRemovedHandsOverFirst() {
        try (Cluster cluster = Cluster.start(folder, 3)) {
            String gone = cluster.leader();
            String asked = cluster.follower();

            change(cluster, asked, MembershipChange.newBuilder().setRemove(gone).build());

            assertThat(cluster.leader()).isNotEqualTo(gone);
            cluster.put(asked, "k", "w");
        }
    }

    @Test
    void unsafeAndUnknownChangesAreRefused() {
        try (Cluster cluster = Cluster.start(folder, 3)) {
            String leader = cluster.leader();
            cluster.put(leader, "k", "v");

            refused(
                    ErrorCode.MEMBER_NOT_FOUND,
                    () -> change(
                            cluster,
                            leader,
                            MembershipChange.newBuilder().setRemove("nobody").build()));
            refused(
                    ErrorCode.MEMBER_NOT_FOUND,
                    () -> change(
                            cluster,
                            leader,
                            MembershipChange.newBuilder().setPromote("n1").build()));
            refused(ErrorCode.MEMBER_EXISTS, () -> change(cluster, leader, add(cluster.address("n1"))));
            refused(
                    ErrorCode.INVALID_ARGUMENT,
                    () -> change(cluster, leader, add("Upper Case", "127.0.0.1:1", "client-of-x:1")));
            refused(
                    ErrorCode.MEMBER_NOT_FOUND,
                    () -> Cluster.get(cluster.replica(leader).transferLeadership("nobody")));
            assertThat(cluster.replica(leader).info().members()).hasSize(3);
        }
    }

    /** The leader's memory of a follower is some heartbeats old: it must ask. */
    @Test
    void voterThatIsNeededCannotBeRemovedRightAfterAnotherDied() {
        try (Cluster cluster = Cluster.start(folder, 3)) {
            String leader = cluster.leader();
            List<String> others = List.of("n1", "n2", "n3").stream()
                    .filter(name -> !name.equals(leader))
                    .toList();
            String dead = others.get(0);
            String alive = others.get(1);
            cluster.put(leader, "k", "v");
            cluster.stop(dead);

            assertThatThrownBy(() -> change(
                            cluster,
                            leader,
                            MembershipChange.newBuilder().setRemove(alive).build()))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSAFE_MEMBERSHIP))
                    .hasMessageContaining("[" + leader + "], who answer, and [" + dead + "], who do not");
            assertThat(cluster.replica(leader).info().members()).hasSize(3);

            change(
                    cluster,
                    leader,
                    MembershipChange.newBuilder().setRemove(dead).build());
            assertThat(cluster.replica(leader).info().members()).hasSize(2);
            cluster.put(leader, "k", "w");
        }
    }

    @Test
    void learnerThatJustDiedCannotVote() {
        try (Cluster cluster = Cluster.start(folder, 1)) {
            cluster.put("n1", "k", "v");
            cluster.start(cluster.address("n2"), List.of());
            change(cluster, "n1", add(cluster.address("n2")));
            cluster.stop("n2");

            refused(
                    ErrorCode.LEARNER_NOT_READY,
                    () -> change(
                            cluster,
                            "n1",
                            MembershipChange.newBuilder().setPromote("n2").build()));

            cluster.put("n1", "k", "w");
        }
    }

    @Test
    void learnerThatLagsBehindCannotVoteUntilItHasCaughtUp() {
        try (Cluster cluster = Cluster.start(folder, 1)) {
            cluster.put("n1", "k", "v");
            cluster.start(cluster.address("n2"), List.of());
            change(cluster, "n1", add(cluster.address("n2")));
            long reached = cluster.log("n2").getAppliedIndex();
            cluster.partition().starve("n2");
            while (cluster.log("n1").getCommittedIndex() <= reached + Membership.READY_GAP_ENTRIES + 10) {
                cluster.put("n1", "k", "w");
            }
            MembershipChange promote =
                    MembershipChange.newBuilder().setPromote("n2").build();

            assertThatThrownBy(() -> change(cluster, "n1", promote))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LEARNER_NOT_READY))
                    .hasMessageContaining("log entries (expected: at most 1000 behind)");

            cluster.partition().heal();
            Cluster.await("n2 to catch up", () -> {
                try {
                    change(cluster, "n1", promote);
                    return true;
                } catch (StoreException e) {
                    return false;
                }
            });
            assertThat(cluster.read("n2", "k")).isEqualTo("w");
        }
    }

    /** It had received configurations in which it is not, and took itself for one that was removed. */
    @Test
    void joinerThatTheLeaderGaveUpWaitingForStaysAndCanBeAdded() {
        try (Cluster cluster = Cluster.start(folder, 3)) {
            String asked = cluster.leader();
            String gone = cluster.follower();
            // Each fills most of a message: the joiner gets what is before the second one, but not the last
            // configuration, which it needs to count as caught up.
            cluster.put(asked, "k", "x".repeat(3 << 20));
            long before = cluster.log(asked).getCommittedIndex();
            cluster.put(asked, "k", "y".repeat(3 << 20));
            change(cluster, asked, MembershipChange.newBuilder().setRemove(gone).build());
            cluster.stop(gone);
            cluster.start(cluster.address("n4"), List.of());
            cluster.partition().starve("n4", before);
            CompletableFuture<Void> first = cluster.replica(asked).changeMembership(add(cluster.address("n4")));
            Cluster.await("the first entries", () -> cluster.log("n4").getLastIndex() >= before);
            cluster.partition().isolate("n4", List.of("n1", "n2", "n3"));
            Throwable refusal = catchThrowable(() -> Cluster.get(first));
            // Where the machine had no time for its heartbeats, the leader gave up leading, not waiting.
            assumeThat(cluster.leader()).isEqualTo(asked);
            isRefusal(ErrorCode.LEARNER_NOT_READY, refusal);
            long silent = System.nanoTime();
            Cluster.await(
                    "the silence after which a removed member stops",
                    () -> System.nanoTime() - silent > 4_000_000_000L);
            assertThat(cluster.node("n4").parts().fatal).isEmpty();

            cluster.partition().heal();
            change(cluster, asked, add(cluster.address("n4")));

            assertThat(cluster.read("n4", "k")).startsWith("y");
        }
    }

    @Test
    void leadershipGoesToTheVoterThatIsNamed() {
        try (Cluster cluster = Cluster.start(folder, 3)) {
            String follower = cluster.follower();

            assertThat(cluster.transferLeadership(follower, follower)).isEqualTo(follower);

            assertThat(cluster.leader()).isEqualTo(follower);
            cluster.put("n1", "k", "v");
        }
    }

    private static void change(Cluster cluster, String asked, MembershipChange change) {
        Cluster.get(cluster.replica(asked).changeMembership(change));
    }

    private static MembershipChange add(PeerAddress address) {
        return add(address.name(), address.raftEndpoint(), address.clientEndpoint());
    }

    private static MembershipChange add(String name, String raft, String client) {
        return MembershipChange.newBuilder()
                .setAddLearner(AddLearnerChange.newBuilder()
                        .setName(name)
                        .setRaftEndpoint(raft)
                        .setClientEndpoint(client))
                .build();
    }

    private static void refused(ErrorCode code, ThrowingCallable call) {
        isRefusal(code, catchThrowable(call));
    }

    private static void isRefusal(ErrorCode code, Throwable thrown) {
        assertThat(thrown).isInstanceOfSatisfying(StoreException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }
}
