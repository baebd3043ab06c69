package dev.store.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.store.api.v1.AddLearnerRequest;
import dev.store.api.v1.GetRequest;
import dev.store.api.v1.GetResponse;
import dev.store.api.v1.HashRequest;
import dev.store.api.v1.LeaseGrantRequest;
import dev.store.api.v1.Member;
import dev.store.api.v1.MemberRole;
import dev.store.api.v1.MembersRequest;
import dev.store.api.v1.PromoteRequest;
import dev.store.api.v1.Put;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.PutResponse;
import dev.store.api.v1.RemoveRequest;
import dev.store.server.health.HealthMonitor;
import dev.store.server.testing.TestCluster;
import dev.store.server.testing.TestCluster.Node;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ThreeNodesTest {
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
    void everyMemberTakesWritesAndEveryMemberReadsThemAtOnce() {
        for (Node writer : cluster.nodes()) {
            PutResponse put = put(writer, "k", writer.name());
            for (Node reader : cluster.nodes()) {
                GetResponse got = get(reader, "k");
                assertThat(got.getEntry().getValue().toStringUtf8())
                        .as("written at %s, read at %s", writer.name(), reader.name())
                        .isEqualTo(writer.name());
                assertThat(got.getHeader().getRevision())
                        .isGreaterThanOrEqualTo(put.getHeader().getRevision());
                assertThat(got.getHeader().getClusterId())
                        .isEqualTo(put.getHeader().getClusterId());
            }
        }
    }

    @Test
    void membersTellTheirRolesAndHowFarTheyAreAndWhoIsGone() {
        put(cluster.leader(), "k", "v");
        Node gone = cluster.follower();
        gone.stop();

        var members = cluster.leader().cluster().members(MembersRequest.getDefaultInstance());

        assertThat(members.getMembersList()).extracting(Member::getName).containsExactly("n1", "n2", "n3");
        assertThat(members.getMembersList())
                .filteredOn(member -> member.getRole() == MemberRole.MEMBER_ROLE_LEADER)
                .singleElement()
                .satisfies(member -> {
                    assertThat(member.getName()).isEqualTo(cluster.leader().name());
                    assertThat(member.getRevision()).isPositive();
                    assertThat(member.getLagEntries()).isZero();
                    assertThat(member.getVersion()).isNotEmpty();
                });
        assertThat(members.getMembersList())
                .filteredOn(member -> !member.getReachable())
                .singleElement()
                .satisfies(member -> {
                    assertThat(member.getName()).isEqualTo(gone.name());
                    assertThat(member.getError()).contains("member at " + gone.clientEndpoint());
                });
    }

    @Test
    void leadershipIsTransferredToTheNamedMember() {
        Node target = cluster.follower();

        cluster.handLeadershipTo(target);

        put(cluster.follower(), "k", "v");
    }

    @Test
    void aLeaderThatStopsHandsOverAndItsDataComesBackWithIt() throws IOException {
        put(cluster.leader(), "k", "before");
        Node old = cluster.leader();
        old.stop();

        PutResponse put = put(cluster.leader(), "k", "after");

        cluster.restart(old);
        assertThat(get(old, "k").getEntry().getValue().toStringUtf8()).isEqualTo("after");
        TestCluster.await("all members at the same revision", () -> cluster.nodes().stream()
                .allMatch(node -> node.revision() == put.getHeader().getRevision()));
        assertThat(cluster.nodes().stream()
                        .map(node -> node.maintenance()
                                .hash(HashRequest.newBuilder()
                                        .setRevision(put.getHeader().getRevision())
                                        .build())
                                .getHash())
                        .distinct())
                .hasSize(1);
    }

    @Test
    void aMemberWithoutAMajorityIsNotReadyButServes() {
        Node last = cluster.leader();
        cluster.nodes().stream().filter(node -> node != last).forEach(Node::stop);

        HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(last.channel());
        TestCluster.await(
                "not ready",
                () -> health.check(HealthCheckRequest.newBuilder()
                                        .setService(HealthMonitor.READY)
                                        .build())
                                .getStatus()
                        == ServingStatus.NOT_SERVING);
        assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
                .isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void aNodeJoinsAsLearnerIsPromotedAndRemoved() throws IOException {
        put(cluster.leader(), "k", "v");
        Node joining = cluster.startJoining("n4");
        var api = cluster.leader().cluster();

        var added = api.addLearner(AddLearnerRequest.newBuilder()
                .setName("n4")
                .setClientEndpoint(joining.clientEndpoint())
                .setRaftEndpoint(joining.raftEndpoint())
                .build());
        assertThat(added.getMembersList())
                .filteredOn(member -> member.getName().equals("n4"))
                .singleElement()
                .extracting(Member::getRole)
                .isEqualTo(MemberRole.MEMBER_ROLE_LEARNER);
        TestCluster.await("the learner is ready", joining::ready);
        assertThat(get(joining, "k").getEntry().getValue().toStringUtf8()).isEqualTo("v");

        api.promote(PromoteRequest.newBuilder().setName("n4").build());
        var removed = api.remove(RemoveRequest.newBuilder().setName("n4").build());
        assertThat(removed.getMembersList()).extracting(Member::getName).containsExactly("n1", "n2", "n3");
    }

    @Test
    void aLeaseGrantedAtAFollowerLivesOnTheLeader() {
        Node follower = cluster.follower();

        long id = follower.leases()
                .grant(LeaseGrantRequest.newBuilder().setTtlMs(60_000).build())
                .getLeaseId();

        assertThat(cluster.leader().server().replica().leases())
                .anySatisfy(lease -> assertThat(lease.id()).isEqualTo(id));
    }

    private static PutResponse put(Node node, String key, String value) {
        return node.kv()
                .put(PutRequest.newBuilder()
                        .setPut(Put.newBuilder()
                                .setKey(ByteString.copyFromUtf8(key))
                                .setValue(ByteString.copyFromUtf8(value)))
                        .build());
    }

    private static GetResponse get(Node node, String key) {
        return node.kv()
                .get(GetRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .build());
    }
}
