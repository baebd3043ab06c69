package dev.store.jepsen.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.v1.Member;
import dev.store.api.v1.MemberRole;
import dev.store.api.v1.MembersRequest;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Cluster;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.workload.KvProcess;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedCluster.class)
@Timeout(1_800)
class MembershipIT {
    private static final Duration WAIT = Await.PATIENCE;

    private final KvProcess process = new KvProcess(SharedCluster.newRecorder(), Duration.ofSeconds(10));

    @Test
    void aNewNodeLearnsThenVotesThenLeavesAgain(Cluster cluster) {
        process.writeUntilAcknowledged(cluster.leader(), "membership/before", "1");
        long revision = ThreeProcessesIT.revision(cluster);
        Node fourth = cluster.newJoiner("n4");
        fourth.start();

        addLearner(cluster, fourth);
        cluster.awaitRevision(fourth, revision, WAIT);
        assertThat(roleOf(cluster, "n4")).isEqualTo(MemberRole.MEMBER_ROLE_LEARNER);
        assertThat(process.localRead(fourth, "membership/before")).isPresent();

        promote(cluster, fourth);
        assertThat(roleOf(cluster, "n4")).isEqualTo(MemberRole.MEMBER_ROLE_FOLLOWER);
        process.writeUntilAcknowledged(fourth, "membership/by-n4", "1");

        cluster.remove(fourth);
        assertThat(members(cluster)).extracting(Member::getName).containsExactly("n1", "n2", "n3");
        cluster.forget(fourth);
        process.writeUntilAcknowledged(cluster.leader(), "membership/after", "1");
    }

    @Test
    void aNodeThatLostItsDataIsReplacedByAnEmptyOneOfItsName(Cluster cluster) {
        Node lost = cluster.followers().get(0);
        lost.kill();
        cluster.remove(lost);
        lost.wipe();
        process.writeUntilAcknowledged(cluster.leader(), "membership/meanwhile", "1");
        long revision = ThreeProcessesIT.revision(cluster);

        lost.joinAnew();
        lost.start();
        addLearner(cluster, lost);
        cluster.awaitRevision(lost, revision, WAIT);
        promote(cluster, lost);

        assertThat(members(cluster)).extracting(Member::getName).containsExactly("n1", "n2", "n3");
        lost.kill();
        lost.start();
        cluster.awaitReady(WAIT);
        assertThat(process.read(lost, "membership/meanwhile")).isPresent();
    }

    @Test
    void changesThatMakeNoSenseAreRefused(Cluster cluster) {
        Node stranger = cluster.newJoiner("n9");
        try {
            assertThatThrownBy(() -> cluster.promote(stranger)).satisfies(code(ErrorCode.MEMBER_NOT_FOUND));
            assertThatThrownBy(() -> cluster.remove(stranger)).satisfies(code(ErrorCode.MEMBER_NOT_FOUND));
            assertThatThrownBy(() -> cluster.addLearner(cluster.node("n1"))).satisfies(code(ErrorCode.MEMBER_EXISTS));
        } finally {
            cluster.forget(stranger);
        }
        assertThat(members(cluster)).hasSize(3);
    }

    @Test
    void aVoterThatIsNeededIsNotRemovedRightAfterAnotherWasKilled(Cluster cluster) {
        Node dead = cluster.followers().get(0);
        Node needed = cluster.followers().get(1);
        dead.kill();

        assertThatThrownBy(() -> cluster.remove(needed)).satisfies(code(ErrorCode.UNSAFE_MEMBERSHIP));
        assertThat(members(cluster)).hasSize(3);
        process.writeUntilAcknowledged(needed, "membership/still-three", "1");

        cluster.remove(dead);
        assertThat(members(cluster)).extracting(Member::getName).doesNotContain(dead.name());
        dead.wipe();
        dead.joinAnew();
        dead.start();
        addLearner(cluster, dead);
        promote(cluster, dead);
    }

    private static java.util.function.Consumer<Throwable> code(ErrorCode code) {
        return failure -> assertThat(GrpcErrors.fromGrpc(failure).code())
                .as(failure.toString())
                .isEqualTo(code);
    }

    /** Until the new node answers it cannot be added; an attempt whose answer was lost may have added it. */
    private static void addLearner(Cluster cluster, Node node) {
        Await.until(WAIT, node + " as a learner", () -> {
            if (members(cluster).stream().noneMatch(member -> member.getName().equals(node.name()))) {
                cluster.addLearner(node);
            }
            return true;
        });
    }

    private static void promote(Cluster cluster, Node node) {
        Await.until(WAIT, node + " as a voter", () -> {
            if (roleOf(cluster, node.name()) == MemberRole.MEMBER_ROLE_LEARNER) {
                cluster.promote(node);
            }
            return roleOf(cluster, node.name()) == MemberRole.MEMBER_ROLE_FOLLOWER;
        });
    }

    /** The role of a member; unknown if there is none of that name. */
    static MemberRole roleOf(Cluster cluster, String name) {
        return members(cluster).stream()
                .filter(member -> member.getName().equals(name))
                .findFirst()
                .map(Member::getRole)
                .orElse(MemberRole.MEMBER_ROLE_UNKNOWN);
    }

    private static List<Member> members(Cluster cluster) {
        return cluster.leader()
                .client()
                .cluster(Duration.ofSeconds(10))
                .members(MembersRequest.getDefaultInstance())
                .getMembersList();
    }
}
