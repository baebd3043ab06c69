package dev.store.raft.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import dev.store.raft.MemberCalls;
import dev.store.raft.consensus.ReplicaOptions.Timings;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.v1.CommandResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RatisReplicaTest {
    @TempDir
    Path folder;

    @Test
    void everyMemberServesWritesAndReads() {
        try (Cluster cluster = Cluster.start(folder, 3)) {
            cluster.leader();

            for (String member : List.of("n1", "n2", "n3")) {
                cluster.put(member, "written-by", member);
                for (String reader : List.of("n1", "n2", "n3")) {
                    assertThat(cluster.read(reader, "written-by")).isEqualTo(member);
                }
            }

            assertThat(cluster.put("n1", "k", "v").getRevision()).isEqualTo(4);
        }
    }

    @Test
    void singleMemberLeadsAndServes() {
        try (Cluster cluster = Cluster.start(folder, 1)) {
            cluster.leader();

            cluster.put("n1", "k", "v");

            assertThat(cluster.read("n1", "k")).isEqualTo("v");
        }
    }

    @Test
    void manyConcurrentProposalsAreAllAppliedOnceAndInOrder() {
        try (Cluster cluster = Cluster.start(folder, 3)) {
            String leader = cluster.leader();
            List<CompletableFuture<CommandResult>> answers = new ArrayList<>();

            for (int i = 0; i < 2_000; i++) {
                answers.add(cluster.replica(leader).propose(Cluster.put("k" + i, "v" + i)));
            }

            List<Long> revisions = answers.stream()
                    .map(answer -> Cluster.get(answer).getRevision())
                    .toList();
            for (int i = 0; i < revisions.size(); i++) {
                assertThat(revisions.get(i)).isEqualTo(i + 1);
            }
            assertThat(cluster.replica(leader).info().appliedIndex())
                    .as("entries, far fewer than commands")
                    .isLessThan(500);
            String follower = cluster.follower();
            assertThat(cluster.read(follower, "k1999")).isEqualTo("v1999");
            assertThat(cluster.node(follower).parts().revisions).hasSize(2_000).isSorted();
        }
    }

    @Test
    void stateSurvivesARestartOfAll() {
        try (Cluster cluster = Cluster.start(folder, 3)) {
            cluster.leader();
            for (int i = 0; i < 20; i++) {
                cluster.put("n1", "k" + i, "v" + i);
            }
            // As a background flush would: part of what the log holds is in the state already.
            cluster.node("n2").parts().keyspace().flush();

            List.of("n1", "n2", "n3").forEach(cluster::stop);
            List.of("n1", "n2", "n3").forEach(cluster::restart);

            cluster.leader();
            for (String member : List.of("n1", "n2", "n3")) {
                assertThat(cluster.read(member, "k19")).isEqualTo("v19");
                assertThat(cluster.replica(member).info().revision()).isEqualTo(20);
            }
            assertThat(cluster.node("n2").parts().fatal).isEmpty();
        }
    }

    @Test
    void readAtARevisionWaitsForItAndSaysWhatWasReached() {
        try (Cluster cluster = Cluster.start(folder, 3)) {
            cluster.leader();
            long revision = cluster.put("n1", "k", "v").getRevision();
            ReadOptions reached = ReadOptions.newBuilder()
                    .setConsistency(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE)
                    .setAtLeastRevision(revision)
                    .build();
            ReadOptions future =
                    reached.toBuilder().setAtLeastRevision(revision + 1).build();

            assertThat(cluster.read("n3", "k", reached)).isEqualTo("v");
            assertThatThrownBy(() -> Cluster.get(cluster.replica("n3").read(future, Duration.ofMillis(100))))
                    .isInstanceOfSatisfying(StoreException.class, error -> {
                        assertThat(error.code()).isEqualTo(ErrorCode.REVISION_NOT_REACHED);
                        assertThat(error.details()).containsEntry("current_revision", Long.toString(revision));
                    });
        }
    }

    @Test
    void aLeaderWhosePortIsClosedIsGivenUpLongBeforeTheElectionTimeout() throws Exception {
        // By its own timeout a follower would campaign after a minute.
        Timings timings = new Timings(Duration.ofSeconds(1), Duration.ofSeconds(120), Duration.ofSeconds(130));
        try (Cluster cluster = Cluster.start(folder, 3, options -> withTimings(options, timings))) {
            String first = cluster.leader();
            cluster.put(first, "k", "v");

            cluster.replica(first).core().raft().close();

            List<String> others = cluster.nodes.keySet().stream()
                    .filter(name -> !name.equals(first))
                    .toList();
            Cluster.await("a campaign", () -> campaigns(cluster, others) == 1);
            cluster.stop(first);
            assertThat(cluster.leader()).isIn(others);
            assertThat(cluster.read(others.get(0), "k")).isEqualTo("v");
            assertThat(campaigns(cluster, others)).isEqualTo(1);
        }
    }

    private static int campaigns(Cluster cluster, List<String> members) {
        return members.stream()
                .mapToInt(name -> cluster.replica(name).core().leaderWatch().campaigns())
                .sum();
    }

    @Test
    void followersApplyALoneWriteLongBeforeTheNextHeartbeat() {
        Timings heartbeatEachFiveSeconds =
                new Timings(Duration.ofSeconds(10), Duration.ofSeconds(11), Duration.ofSeconds(30));
        try (Cluster cluster = Cluster.start(folder, 3, options -> withTimings(options, heartbeatEachFiveSeconds))) {
            long revision = cluster.put(cluster.leader(), "k", "v").getRevision();
            ReadOptions written = ReadOptions.newBuilder()
                    .setConsistency(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE)
                    .setAtLeastRevision(revision)
                    .build();

            for (String member : List.of("n1", "n2", "n3")) {
                KeyspaceView view = Cluster.get(cluster.replica(member).read(written, Duration.ofSeconds(4)));
                view.close();
            }
        }
    }

    private static ReplicaOptions withTimings(ReplicaOptions options, Timings timings) {
        return new ReplicaOptions(
                options.self(),
                options.groupId(),
                options.initialMembers(),
                options.place(),
                timings,
                options.storage(),
                options.batching());
    }

    @Test
    void leaderThatIsCutOffNeverAnswersStale() {
        try (Cluster cluster = Cluster.start(folder, 3)) {
            String old = cluster.leader();
            cluster.put(old, "k", "before");
            assertThat(cluster.read(old, "k")).isEqualTo("before");

            cluster.partition().isolate(old, cluster.nodes.keySet());
            String other = cluster.nodes.keySet().stream()
                    .filter(name -> !name.equals(old))
                    .findFirst()
                    .orElseThrow();
            int stale = 0;
            int refused = 0;
            boolean written = false;
            for (int i = 0; i < 200 && refused < 20; i++) {
                if (!written) {
                    try {
                        cluster.put(other, "k", "after");
                        written = true;
                    } catch (StoreException e) {
                        assertThat(e.code().retryable()).isTrue();
                        continue;
                    }
                }
                try {
                    MemberCalls cutOff = cluster.replica(old).localCalls();
                    Cluster.get(cutOff.readIndex(Cluster.get(cutOff.standing())));
                    stale++;
                } catch (StoreException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.NO_LEADER);
                    refused++;
                }
            }

            assertThat(written).isTrue();
            assertThat(stale).isZero();
            assertThat(refused).isEqualTo(20);

            cluster.partition().heal();
            assertThat(cluster.read(old, "k")).isEqualTo("after");
        }
    }

    @Test
    void proposalOfALeaderThatIsCutOffHasAnUnknownOutcome() {
        try (Cluster cluster = Cluster.start(folder, 3)) {
            String old = cluster.leader();
            cluster.put(old, "k", "before");

            cluster.partition().isolate(old, cluster.nodes.keySet());
            CompletableFuture<CommandResult> lost =
                    cluster.replica(old).localCalls().propose(Cluster.put("k", "lost"));

            assertThatThrownBy(() -> Cluster.get(lost))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN));
            assertThatThrownBy(
                            () -> Cluster.get(cluster.replica(old).localCalls().propose(Cluster.put("k", "later"))))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_LEADER));
        }
    }

    @Test
    void keeperIsToldOfLeadershipAndAKeepaliveIsProved() {
        try (Cluster cluster = Cluster.start(folder, 3)) {
            String leader = cluster.leader();

            assertThat(Cluster.get(cluster.replica(cluster.follower()).keepAlive("", List.of(7L)))
                            .getLeases(0)
                            .getTtlMs())
                    .isEqualTo(10_000);

            assertThat(cluster.node(leader).parts().leases.calls).containsSubsequence("lead", "begin", "complete");
            String next = cluster.transferLeadership(leader, "");
            Cluster.await(
                    "the old leader to follow",
                    () -> cluster.node(leader).parts().leases.calls.contains("follow"));
            assertThat(cluster.leader()).isEqualTo(next);
        }
    }
}
