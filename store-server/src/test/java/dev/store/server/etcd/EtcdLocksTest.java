package dev.store.server.etcd;

import static dev.store.server.etcd.EtcdStubs.bytes;
import static dev.store.server.etcd.EtcdStubs.rangeOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import dev.store.server.etcd.v3.CampaignRequest;
import dev.store.server.etcd.v3.CampaignResponse;
import dev.store.server.etcd.v3.LeaderKey;
import dev.store.server.etcd.v3.LeaderRequest;
import dev.store.server.etcd.v3.LeaderResponse;
import dev.store.server.etcd.v3.LeaseGrantRequest;
import dev.store.server.etcd.v3.LeaseRevokeRequest;
import dev.store.server.etcd.v3.LockRequest;
import dev.store.server.etcd.v3.LockResponse;
import dev.store.server.etcd.v3.ProclaimRequest;
import dev.store.server.etcd.v3.ResignRequest;
import dev.store.server.etcd.v3.UnlockRequest;
import dev.store.server.testing.TestCluster;
import dev.store.server.testing.TestCluster.Node;
import io.grpc.Status.Code;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Locks and elections, with callers at different members. */
@Timeout(60)
class EtcdLocksTest {
    @TempDir
    static Path folder;

    private static TestCluster cluster;

    private EtcdStubs here;
    private EtcdStubs there;
    private String name;

    @BeforeAll
    static void start() throws Exception {
        cluster = TestCluster.start(folder, 3, Map.of());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void members(TestInfo test) {
        Node leader = cluster.leader();
        Node follower = cluster.follower();
        here = new EtcdStubs(leader.channel());
        there = new EtcdStubs(follower.channel());
        name = test.getTestMethod().orElseThrow().getName();
    }

    @Test
    void aLineBeginsAtARevisionThatTheLibraryCanLookBefore() {
        // Its waiters ask for keys made at their own revision - 1 or before, where 0 would mean no bound.
        assertThat(here.elections()
                        .campaign(campaign(lease(), "one"))
                        .getLeader()
                        .getRev())
                .isGreaterThan(1);
    }

    private long lease() {
        return here.leases()
                .leaseGrant(LeaseGrantRequest.newBuilder().setTTL(600).build())
                .getID();
    }

    private LockRequest lock(long lease) {
        return LockRequest.newBuilder().setName(bytes(name)).setLease(lease).build();
    }

    private CampaignRequest campaign(long lease, String value) {
        return CampaignRequest.newBuilder()
                .setName(bytes(name))
                .setLease(lease)
                .setValue(bytes(value))
                .build();
    }

    private void awaitInLine(long count) {
        TestCluster.await(
                count + " in line",
                () -> here.kv().range(rangeOf(name + "/", name + "0").build()).getCount() == count);
    }

    private static ByteString keyOf(String name, long lease) {
        return bytes(name + "/" + Long.toHexString(lease));
    }

    @Test
    void aLockIsHandedToTheNextInLineWhenItIsUnlocked() throws Exception {
        long first = lease();
        LockResponse held = here.locks().lock(lock(first));
        ListenableFuture<LockResponse> second = there.waitingLocks().lock(lock(lease()));
        awaitInLine(2);
        ListenableFuture<LockResponse> third = here.waitingLocks().lock(lock(lease()));
        awaitInLine(3);

        assertThat(held.getKey()).isEqualTo(keyOf(name, first));
        assertThat(second.isDone()).isFalse();
        here.locks().unlock(UnlockRequest.newBuilder().setKey(held.getKey()).build());
        LockResponse next = second.get(20, TimeUnit.SECONDS);
        assertThat(third.isDone()).isFalse();
        there.locks().unlock(UnlockRequest.newBuilder().setKey(next.getKey()).build());

        assertThat(third.get(20, TimeUnit.SECONDS).getHeader().getRevision())
                .isGreaterThan(next.getHeader().getRevision());
    }

    @Test
    void aLockGoesOnWhenTheLeaseOfItsHolderEnds() throws Exception {
        long first = lease();
        here.locks().lock(lock(first));
        ListenableFuture<LockResponse> second = there.waitingLocks().lock(lock(lease()));
        awaitInLine(2);

        here.leases().leaseRevoke(LeaseRevokeRequest.newBuilder().setID(first).build());

        assertThat(second.get(20, TimeUnit.SECONDS).getKey()).isNotEmpty();
    }

    @Test
    void aLeaseThatHoldsTheLockIsGivenItAgain() {
        long lease = lease();
        LockResponse held = here.locks().lock(lock(lease));

        assertThat(there.locks().lock(lock(lease)).getKey()).isEqualTo(held.getKey());
    }

    @Test
    void whoFindsTheLineEmptyHasTheLockAsSoonAsItsKeyIsMade() {
        LockResponse held = there.locks().lock(lock(lease()));

        assertThat(here.kv().range(rangeOf(name + "/", name + "0").build()).getKvsList())
                .singleElement()
                .satisfies(made -> {
                    assertThat(made.getKey()).isEqualTo(held.getKey());
                    assertThat(made.getCreateRevision())
                            .isEqualTo(held.getHeader().getRevision());
                });
    }

    @Test
    void whoNamesNoLeaseIsGivenOne() {
        assertThat(here.locks().lock(lock(0)).getKey()).isNotEmpty();
    }

    @Test
    void whoGivesUpLeavesTheLine() throws Exception {
        LockResponse held = here.locks().lock(lock(lease()));
        ListenableFuture<LockResponse> second = there.waitingLocks().lock(lock(lease()));
        awaitInLine(2);
        ListenableFuture<LockResponse> third = there.waitingLocks().lock(lock(lease()));
        awaitInLine(3);

        second.cancel(true);
        awaitInLine(2);
        here.locks().unlock(UnlockRequest.newBuilder().setKey(held.getKey()).build());

        assertThat(third.get(20, TimeUnit.SECONDS).getKey()).isNotEmpty();
    }

    @Test
    void whoWaitsIsToldWhenItsOwnLeaseEnds() {
        here.locks().lock(lock(lease()));
        long waiting = lease();
        ListenableFuture<LockResponse> second = there.waitingLocks().lock(lock(waiting));
        awaitInLine(2);

        here.leases().leaseRevoke(LeaseRevokeRequest.newBuilder().setID(waiting).build());

        assertThat(second)
                .failsWithin(java.time.Duration.ofSeconds(20))
                .withThrowableThat()
                .withMessageContaining("mutex: session is expired");
    }

    @Test
    void badLocksAreRefused() {
        Refusal.expect(() -> here.locks().lock(lock(4711)), Code.NOT_FOUND, "etcdserver: requested lease not found");
        Refusal.expect(() -> here.locks().lock(lock(-1)), Code.NOT_FOUND, "etcdserver: requested lease not found");
        Refusal.expect(
                () -> here.locks().unlock(UnlockRequest.getDefaultInstance()),
                Code.INVALID_ARGUMENT,
                "etcdserver: key is not provided");
    }

    @Test
    void theElectedOneShowsItsValueUntilItResigns() throws Exception {
        LeaderKey first = here.elections().campaign(campaign(lease(), "one")).getLeader();
        ListenableFuture<CampaignResponse> second = there.waitingElections().campaign(campaign(lease(), "two"));
        awaitInLine(2);
        LeaderRequest asked = LeaderRequest.newBuilder().setName(bytes(name)).build();
        Iterator<LeaderResponse> seen = there.elections().observe(asked);

        assertThat(first.getName()).isEqualTo(bytes(name));
        assertThat(first.getRev()).isPositive();
        assertThat(there.elections().leader(asked).getKv().getValue()).isEqualTo(bytes("one"));
        assertThat(seen.next().getKv().getValue()).isEqualTo(bytes("one"));
        here.elections()
                .proclaim(ProclaimRequest.newBuilder()
                        .setLeader(first)
                        .setValue(bytes("one and a half"))
                        .build());
        assertThat(seen.next().getKv().getValue()).isEqualTo(bytes("one and a half"));
        here.elections().resign(ResignRequest.newBuilder().setLeader(first).build());
        assertThat(seen.next().getKv().getValue()).isEqualTo(bytes("two"));
        assertThat(second.get(20, TimeUnit.SECONDS).getLeader().getRev()).isGreaterThan(first.getRev());
        Refusal.expect(
                () -> here.elections()
                        .proclaim(ProclaimRequest.newBuilder().setLeader(first).build()),
                Code.UNKNOWN,
                "election: not leader");
    }

    @Test
    void aCampaignOfTheSameLeaseShowsTheNewValue() {
        long lease = lease();
        here.elections().campaign(campaign(lease, "one"));

        here.elections().campaign(campaign(lease, "two"));

        assertThat(here.elections()
                        .leader(LeaderRequest.newBuilder().setName(bytes(name)).build())
                        .getKv()
                        .getValue())
                .isEqualTo(bytes("two"));
    }

    @Test
    void anElectionWithoutCandidatesHasNoLeader() {
        Refusal.expect(
                () -> here.elections()
                        .leader(LeaderRequest.newBuilder().setName(bytes(name)).build()),
                Code.UNKNOWN,
                "election: no leader");
        Refusal.expect(
                () -> here.elections().resign(ResignRequest.getDefaultInstance()),
                Code.UNKNOWN,
                "\"leader\" field must be provided");
    }
}
