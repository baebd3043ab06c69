package dev.store.server.etcd;

import static dev.store.server.etcd.EtcdStubs.bytes;
import static dev.store.server.etcd.EtcdStubs.putOf;
import static dev.store.server.etcd.EtcdStubs.rangeOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.store.server.etcd.v3.LeaseGrantRequest;
import dev.store.server.etcd.v3.LeaseGrantResponse;
import dev.store.server.etcd.v3.LeaseKeepAliveRequest;
import dev.store.server.etcd.v3.LeaseKeepAliveResponse;
import dev.store.server.etcd.v3.LeaseLeasesRequest;
import dev.store.server.etcd.v3.LeaseRevokeRequest;
import dev.store.server.etcd.v3.LeaseStatus;
import dev.store.server.etcd.v3.LeaseTimeToLiveRequest;
import dev.store.server.etcd.v3.LeaseTimeToLiveResponse;
import dev.store.server.etcd.v3.StatusRequest;
import dev.store.server.testing.TestCluster;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EtcdLeaseTest extends OneEtcdNode {
    private LeaseGrantResponse grant(long id, long seconds) {
        return etcd.leases()
                .leaseGrant(
                        LeaseGrantRequest.newBuilder().setID(id).setTTL(seconds).build());
    }

    private LeaseTimeToLiveResponse timeToLive(long id) {
        return etcd.leases()
                .leaseTimeToLive(LeaseTimeToLiveRequest.newBuilder()
                        .setID(id)
                        .setKeys(true)
                        .build());
    }

    @Test
    void aLeaseKnowsItsKeysAndItsTimeAndTakesThemAlongWhenItIsRevoked() {
        LeaseGrantResponse granted = grant(0, 600);
        etcd.kv().put(putOf(key("b"), "").setLease(granted.getID()).build());
        etcd.kv().put(putOf(key("a"), "").setLease(granted.getID()).build());

        LeaseTimeToLiveResponse alive = timeToLive(granted.getID());
        etcd.leases()
                .leaseRevoke(
                        LeaseRevokeRequest.newBuilder().setID(granted.getID()).build());

        assertThat(granted.getTTL()).isEqualTo(600);
        assertThat(alive.getGrantedTTL()).isEqualTo(600);
        assertThat(alive.getTTL()).isBetween(590L, 600L);
        assertThat(alive.getKeysList()).containsExactly(bytes(key("a")), bytes(key("b")));
        assertThat(etcd.kv().range(rangeOf(name, end()).build()).getCount()).isZero();
        assertThat(timeToLive(granted.getID()).getTTL()).isEqualTo(-1);
    }

    @Test
    void aLeaseThatNobodyKeepsAliveEndsWithItsKeys() {
        LeaseGrantResponse granted = grant(0, 0);
        etcd.kv().put(putOf(key("a"), "").setLease(granted.getID()).build());

        assertThat(granted.getTTL()).isEqualTo(1);
        TestCluster.await(
                "the end of the lease",
                () -> etcd.kv().range(rangeOf(key("a")).build()).getCount() == 0);
        assertThat(timeToLive(granted.getID()).getTTL()).isEqualTo(-1);
    }

    @Test
    void keepalivesAreAnsweredInOrderAlsoForLeasesThatAreGone() throws Exception {
        long id = grant(0, 600).getID();
        Answers answers = new Answers();
        StreamObserver<LeaseKeepAliveRequest> requests = etcd.leaseStreams().leaseKeepAlive(answers);

        requests.onNext(LeaseKeepAliveRequest.newBuilder().setID(id).build());
        requests.onNext(LeaseKeepAliveRequest.newBuilder().setID(4711).build());
        requests.onNext(LeaseKeepAliveRequest.getDefaultInstance());

        LeaseKeepAliveResponse alive = answers.next();
        LeaseKeepAliveResponse gone = answers.next();
        assertThat(alive.getID()).isEqualTo(id);
        assertThat(alive.getTTL()).isEqualTo(600);
        assertThat(gone.getID()).isEqualTo(4711);
        assertThat(gone.getTTL()).isZero();
        assertThat(answers.next().getTTL()).isZero();
        requests.onCompleted();
    }

    @Test
    void firstKeepalivesOfOneStreamShareEntriesOfTheLog() throws Exception {
        int leases = 240;
        List<Long> ids =
                IntStream.range(0, leases).mapToObj(i -> grant(0, 600).getID()).toList();
        Answers answers = new Answers();
        long before = logIndex();
        StreamObserver<LeaseKeepAliveRequest> requests = etcd.leaseStreams().leaseKeepAlive(answers);

        ids.forEach(id ->
                requests.onNext(LeaseKeepAliveRequest.newBuilder().setID(id).build()));

        for (long id : ids) {
            assertThat(answers.next().getID()).isEqualTo(id);
        }
        assertThat(logIndex() - before).isPositive().isLessThan(leases / 4);
        requests.onCompleted();
    }

    private long logIndex() {
        return etcd.maintenance().status(StatusRequest.getDefaultInstance()).getRaftIndex();
    }

    @Test
    void leasesAreListed() {
        long id = grant(0, 600).getID();

        assertThat(etcd.leases()
                        .leaseLeases(LeaseLeasesRequest.getDefaultInstance())
                        .getLeasesList())
                .contains(LeaseStatus.newBuilder().setID(id).build());
    }

    @Test
    void badInputIsRefusedInEtcdsWords() {
        long id = grant(0, 600).getID();

        Refusal.expect(() -> grant(id, 600), Code.FAILED_PRECONDITION, "etcdserver: lease already exists");
        Refusal.expect(() -> grant(0, 9_000_000_001L), Code.OUT_OF_RANGE, "etcdserver: too large lease TTL");
        Refusal.expect(() -> grant(-1, 600), Code.INVALID_ARGUMENT, "etcdserver: lease ID: -1 (expected: at least 0)");
        Refusal.expect(
                () -> etcd.leases()
                        .leaseRevoke(LeaseRevokeRequest.newBuilder().setID(4711).build()),
                Code.NOT_FOUND,
                "etcdserver: requested lease not found");
        Refusal.expect(
                () -> etcd.leases().leaseRevoke(LeaseRevokeRequest.getDefaultInstance()),
                Code.NOT_FOUND,
                "etcdserver: requested lease not found");
        assertThat(grant(0, 9_000_000_000L).getTTL()).isEqualTo(365 * 86_400L);
    }

    private static final class Answers implements StreamObserver<LeaseKeepAliveResponse> {
        private final LinkedBlockingQueue<LeaseKeepAliveResponse> answers = new LinkedBlockingQueue<>();

        LeaseKeepAliveResponse next() throws InterruptedException {
            LeaseKeepAliveResponse answer = answers.poll(20, TimeUnit.SECONDS);
            assertThat(answer).isNotNull();
            return answer;
        }

        @Override
        public void onNext(LeaseKeepAliveResponse answer) {
            answers.add(answer);
        }

        @Override
        public void onError(@Nullable Throwable failure) {}

        @Override
        public void onCompleted() {}
    }
}
