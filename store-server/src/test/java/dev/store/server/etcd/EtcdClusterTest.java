package dev.store.server.etcd;

import static dev.store.server.etcd.EtcdStubs.bytes;
import static dev.store.server.etcd.EtcdStubs.putOf;
import static dev.store.server.etcd.EtcdStubs.rangeOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.store.server.etcd.v3.AlarmRequest;
import dev.store.server.etcd.v3.AlarmRequest.AlarmAction;
import dev.store.server.etcd.v3.AuthDisableRequest;
import dev.store.server.etcd.v3.AuthEnableRequest;
import dev.store.server.etcd.v3.AuthUserGetRequest;
import dev.store.server.etcd.v3.AuthUserListRequest;
import dev.store.server.etcd.v3.AuthenticateRequest;
import dev.store.server.etcd.v3.DefragmentRequest;
import dev.store.server.etcd.v3.HashKVRequest;
import dev.store.server.etcd.v3.HashKVResponse;
import dev.store.server.etcd.v3.HashRequest;
import dev.store.server.etcd.v3.Member;
import dev.store.server.etcd.v3.MemberAddRequest;
import dev.store.server.etcd.v3.MemberAddResponse;
import dev.store.server.etcd.v3.MemberListRequest;
import dev.store.server.etcd.v3.MemberPromoteRequest;
import dev.store.server.etcd.v3.MemberRemoveRequest;
import dev.store.server.etcd.v3.MemberUpdateRequest;
import dev.store.server.etcd.v3.MoveLeaderRequest;
import dev.store.server.etcd.v3.SnapshotRequest;
import dev.store.server.etcd.v3.SnapshotResponse;
import dev.store.server.etcd.v3.StatusRequest;
import dev.store.server.etcd.v3.StatusResponse;
import dev.store.server.etcd.v3.WatchCreateRequest;
import dev.store.server.testing.TestCluster;
import dev.store.server.testing.TestCluster.Node;
import io.grpc.Status.Code;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What concerns all members: three of them, and a fourth. */
@Timeout(120)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EtcdClusterTest {
    @TempDir
    static Path folder;

    private static TestCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = TestCluster.start(folder, 3, Map.of());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static EtcdStubs at(Node node) {
        return new EtcdStubs(node.channel());
    }

    private static List<Member> members(Node node) {
        return at(node).cluster()
                .memberList(MemberListRequest.getDefaultInstance())
                .getMembersList();
    }

    @Test
    @Order(1)
    void theFirstKeyIsMadeAtTheSecondRevisionAsInEtcd() throws Exception {
        Node follower = cluster.follower();
        assertThat(follower.revision()).isZero();

        try (EtcdWatchCall watch = new EtcdWatchCall(at(follower))) {
            assertThat(watch.create(WatchCreateRequest.newBuilder().setKey(bytes("a")))
                            .getHeader()
                            .getRevision())
                    .isEqualTo(1);
            assertThat(at(follower).put("a", "1")).isEqualTo(2);
            assertThat(watch.nextEvent().getKv().getModRevision()).isEqualTo(2);
        }
        assertThat(at(cluster.leader()).put("b", "1")).isEqualTo(3);
    }

    @Test
    @Order(2)
    void everyMemberListsAllWithTheirAddresses() {
        Node node = cluster.node(1);

        List<Member> members = members(node);

        assertThat(members).extracting(Member::getName).containsExactly("n1", "n2", "n3");
        assertThat(members.get(1).getClientURLsList()).containsExactly("http://" + node.clientEndpoint());
        assertThat(members.get(1).getPeerURLsList()).containsExactly("http://" + node.raftEndpoint());
        assertThat(members).noneMatch(Member::getIsLearner);
    }

    @Test
    @Order(3)
    void statusNamesTheLeaderAndTheVersionOfTheProtocol() {
        StatusResponse status = at(cluster.follower()).maintenance().status(StatusRequest.getDefaultInstance());

        assertThat(status.getVersion()).isEqualTo("3.4.23");
        assertThat(status.getLeader()).isEqualTo(idOf(cluster.leader()));
        assertThat(status.getHeader().getMemberId()).isEqualTo(idOf(cluster.follower()));
        assertThat(status.getRaftTerm()).isPositive();
        assertThat(status.getRaftAppliedIndex()).isPositive();
        assertThat(status.getErrorsList()).isEmpty();
    }

    private static long idOf(Node node) {
        return members(node).stream()
                .filter(member -> member.getName().equals(node.name()))
                .findFirst()
                .orElseThrow()
                .getID();
    }

    @Test
    @Order(4)
    void allMembersHaveTheSameHashAtARevision() {
        long revision = at(cluster.leader()).put("hashed", "1");
        cluster.nodes().forEach(node -> at(node).kv().range(rangeOf("hashed").build()));

        List<Integer> hashes = cluster.nodes().stream()
                .map(node -> at(node).maintenance()
                        .hashKV(HashKVRequest.newBuilder().setRevision(revision).build()))
                .map(HashKVResponse::getHash)
                .distinct()
                .toList();

        assertThat(hashes).hasSize(1);
        assertThat(at(cluster.leader())
                        .maintenance()
                        .hash(HashRequest.getDefaultInstance())
                        .getHash())
                .isEqualTo(hashes.get(0));
        Refusal.expect(
                () -> at(cluster.leader())
                        .maintenance()
                        .hashKV(HashKVRequest.newBuilder()
                                .setRevision(revision + 1_000)
                                .build()),
                Code.OUT_OF_RANGE,
                "etcdserver: mvcc: required revision is a future revision");
    }

    @Test
    @Order(5)
    void aSnapshotIsWholeSectorsFollowedByTheirHash() throws Exception {
        Iterator<SnapshotResponse> parts =
                at(cluster.follower()).maintenance().snapshot(SnapshotRequest.getDefaultInstance());
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        long remaining = -1;
        while (parts.hasNext()) {
            SnapshotResponse part = parts.next();
            part.getBlob().writeTo(file);
            remaining = part.getRemainingBytes();
        }

        byte[] bytes = file.toByteArray();
        assertThat(bytes.length % 512).isEqualTo(32);
        byte[] content = Arrays.copyOf(bytes, bytes.length - 32);
        assertThat(Arrays.copyOfRange(bytes, bytes.length - 32, bytes.length))
                .isEqualTo(MessageDigest.getInstance("SHA-256").digest(content));
        assertThat(remaining).isZero();
    }

    @Test
    @Order(6)
    void thereAreNoAlarmsAndNothingToDefragment() {
        EtcdStubs etcd = at(cluster.follower());

        assertThat(etcd.maintenance().alarm(AlarmRequest.getDefaultInstance()).getAlarmsList())
                .isEmpty();
        assertThat(etcd.maintenance()
                        .defragment(DefragmentRequest.getDefaultInstance())
                        .hasHeader())
                .isTrue();
        Refusal.expect(
                () -> etcd.maintenance()
                        .alarm(AlarmRequest.newBuilder()
                                .setAction(AlarmAction.ACTIVATE)
                                .build()),
                Code.FAILED_PRECONDITION,
                "etcdserver: action: ACTIVATE (expected: GET or DEACTIVATE; alarms cannot be raised here)");
    }

    @Test
    @Order(7)
    void authenticationIsDisabled() {
        EtcdStubs etcd = at(cluster.follower());

        assertThat(etcd.auth()
                        .authDisable(AuthDisableRequest.getDefaultInstance())
                        .hasHeader())
                .isTrue();
        assertThat(etcd.auth()
                        .userList(AuthUserListRequest.getDefaultInstance())
                        .getUsersList())
                .isEmpty();
        Refusal.expect(
                () -> etcd.auth()
                        .authenticate(AuthenticateRequest.newBuilder()
                                .setName("root")
                                .setPassword("x")
                                .build()),
                Code.FAILED_PRECONDITION,
                "etcdserver: authentication is not enabled");
        Refusal.expect(
                () -> etcd.auth().authEnable(AuthEnableRequest.getDefaultInstance()),
                Code.FAILED_PRECONDITION,
                "etcdserver: root user does not exist");
        Refusal.expect(
                () -> etcd.auth()
                        .userGet(AuthUserGetRequest.newBuilder().setName("root").build()),
                Code.FAILED_PRECONDITION,
                "etcdserver: user name not found");
    }

    @Test
    @Order(8)
    void leadershipMovesToTheMemberNamed() {
        Node target = cluster.follower();

        TestCluster.awaitServed("a transfer", () -> at(cluster.leader())
                .maintenance()
                .moveLeader(
                        MoveLeaderRequest.newBuilder().setTargetID(idOf(target)).build()));

        TestCluster.await("another leader", () -> cluster.leader() == target);
        Refusal.expect(
                () -> at(target)
                        .maintenance()
                        .moveLeader(
                                MoveLeaderRequest.newBuilder().setTargetID(4711).build()),
                Code.FAILED_PRECONDITION,
                "etcdserver: bad leader transferee");
    }

    @Test
    @Order(9)
    void aMemberIsAddedAsALearnerPromotedAndRemoved() throws Exception {
        cluster.awaitReady();
        EtcdStubs etcd = at(cluster.node(0));
        Node joining = cluster.startJoining("n4");
        String url = "http://n4@" + joining.raftEndpoint() + "?client=" + joining.clientEndpoint();

        MemberAddResponse added = etcd.cluster()
                .memberAdd(MemberAddRequest.newBuilder()
                        .addPeerURLs(url)
                        .setIsLearner(true)
                        .build());
        TestCluster.await("the learner", () -> members(cluster.node(0)).size() == 4);
        long id = members(cluster.node(0)).get(3).getID();
        TestCluster.await("the promotion", () -> promoted(etcd, id));

        assertThat(added.getMember().getIsLearner()).isTrue();
        Refusal.expect(
                () -> etcd.cluster()
                        .memberPromote(
                                MemberPromoteRequest.newBuilder().setID(id).build()),
                Code.FAILED_PRECONDITION,
                "etcdserver: can only promote a learner member");
        at(joining).put("from the new one", "1");
        etcd.cluster().memberRemove(MemberRemoveRequest.newBuilder().setID(id).build());
        TestCluster.await("three members", () -> members(cluster.node(0)).size() == 3);
    }

    private static boolean promoted(EtcdStubs etcd, long id) {
        try {
            etcd.cluster()
                    .memberPromote(MemberPromoteRequest.newBuilder().setID(id).build());
            return true;
        } catch (io.grpc.StatusRuntimeException e) {
            return members(cluster.node(0)).stream().anyMatch(each -> each.getID() == id && !each.getIsLearner());
        }
    }

    @Test
    @Order(10)
    void badChangesOfTheMembershipAreRefused() {
        EtcdStubs etcd = at(cluster.node(0));
        Member first = members(cluster.node(0)).get(0);

        Refusal.expect(
                () -> etcd.cluster()
                        .memberRemove(
                                MemberRemoveRequest.newBuilder().setID(4711).build()),
                Code.NOT_FOUND,
                "etcdserver: member not found");
        Refusal.expect(
                () -> etcd.cluster()
                        .memberAdd(MemberAddRequest.newBuilder()
                                .addPeerURLs("http://127.0.0.1:2380")
                                .build()),
                Code.INVALID_ARGUMENT,
                "etcdserver: given member URLs are invalid: \"http://127.0.0.1:2380\" "
                        + "(expected: one URL http://NAME@HOST:RAFT-PORT?client=HOST:CLIENT-PORT)");
        assertThat(etcd.cluster()
                        .memberUpdate(MemberUpdateRequest.newBuilder()
                                .setID(first.getID())
                                .addAllPeerURLs(first.getPeerURLsList())
                                .build())
                        .getMembersCount())
                .isEqualTo(3);
        Refusal.expect(
                () -> etcd.cluster()
                        .memberUpdate(MemberUpdateRequest.newBuilder()
                                .setID(first.getID())
                                .addPeerURLs("http://127.0.0.1:1")
                                .build()),
                Code.FAILED_PRECONDITION,
                "etcdserver: member \"n1\" is reached at " + first.getPeerURLs(0)
                        + " and cannot be moved (expected: that URL; to move it, remove it and add it again)");
    }

    @Test
    @Order(11)
    void watchersOfAMemberThatStopsAreToldToGoElsewhere() throws Exception {
        Node going = cluster.follower();
        EtcdWatchCall watch = new EtcdWatchCall(at(going));
        watch.create(WatchCreateRequest.newBuilder().setKey(bytes("a")));

        going.stop();

        assertThat(watch.ended())
                .failsWithin(java.time.Duration.ofSeconds(20))
                .withThrowableThat()
                .withMessageContaining("UNAVAILABLE");
        at(cluster.leader()).kv().put(putOf("a", "2").build());
    }
}
