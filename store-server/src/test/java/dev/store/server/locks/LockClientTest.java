package dev.store.server.locks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.store.api.client.Bytes;
import dev.store.api.client.Op;
import dev.store.api.client.StoreClient;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.locks.Barrier;
import dev.store.api.locks.HeldLock;
import dev.store.api.locks.Holder;
import dev.store.api.locks.Latch;
import dev.store.api.locks.LockClient;
import dev.store.api.locks.LockSpec;
import dev.store.api.locks.LockState;
import dev.store.api.locks.Observation;
import dev.store.server.testing.TestCluster;
import dev.store.server.testing.TestCluster.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Java client's locks against three real nodes. */
@Timeout(120)
class LockClientTest {
    @TempDir
    Path folder;

    private TestCluster cluster;
    private StoreClient store;
    private LockClient locks;

    @BeforeEach
    void start() throws IOException {
        cluster = TestCluster.start(folder, 3, Map.of());
        store = StoreClient.builder()
                .endpoints(cluster.nodes().stream().map(Node::clientEndpoint).collect(Collectors.joining(",")))
                .timeout(Duration.ofSeconds(30))
                .build();
        locks = store.locks();
    }

    @AfterEach
    void stop() {
        store.close();
        cluster.close();
    }

    @Test
    void lockProtectsWritesByItsTokenAndIsGivenBackOnClose() {
        long old;
        try (HeldLock lock = locks.lock("l").join()) {
            old = lock.token();
            store.kv()
                    .txn(Op.txn().requireLock("l", old).then(Op.put("k", "1")))
                    .join();
            assertThat(locks.verify("l", old).join()).isTrue();
            assertThat(locks.tryLock("l").join()).isEmpty();
        }

        assertThat(locks.verify("l", old).join()).isFalse();
        assertThat(code(store.kv().txn(Op.txn().requireLock("l", old).then(Op.put("k", "2")))))
                .isEqualTo(ErrorCode.LOCK_NOT_HELD);
        HeldLock next = locks.tryLock("l").join().orElseThrow();
        assertThat(next.token()).isGreaterThan(old);
    }

    @Test
    void locksOfOneClientShareALeaseThatEndsWhenItIsNotUsed() {
        HeldLock a =
                locks.lock(LockSpec.exclusive("a").ttl(Duration.ofSeconds(1))).join();
        HeldLock b =
                locks.lock(LockSpec.exclusive("b").ttl(Duration.ofSeconds(1))).join();
        assertThat(a.leaseId()).isEqualTo(b.leaseId());

        a.unlock().join();
        b.unlock().join();

        TestCluster.await(
                "the lease has ended",
                () -> cluster.leader().server().replica().leases().isEmpty());
    }

    @Test
    void waitersGetTheLockInTurnAndACanceledOneLeavesTheQueue() {
        HeldLock first = locks.lock(LockSpec.exclusive("l").owner("first")).join();
        CompletableFuture<HeldLock> second = locks.lock(LockSpec.exclusive("l").owner("second"));
        awaitWaiters(1);
        CompletableFuture<HeldLock> third = locks.lock(LockSpec.exclusive("l").owner("third"));
        awaitWaiters(2);
        LockState state = locks.describe("l").join();
        assertThat(state.holders()).extracting(Holder::owner).containsExactly("first");
        assertThat(state.waiters()).extracting(LockState.Waiter::owner).containsExactly("second", "third");

        second.cancel(false);
        awaitWaiters(1);
        first.unlock().join();

        assertThat(third.join().token()).isGreaterThan(first.token());
    }

    private void awaitWaiters(int count) {
        TestCluster.await(
                count + " wait", () -> locks.describe("l").join().waiters().size() == count);
    }

    @Test
    void waitingCallSurvivesTheMemberItAskedAndKeepsItsPlace() {
        HeldLock first = locks.lock("l").join();
        List<CompletableFuture<HeldLock>> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiting.add(locks.lock(LockSpec.exclusive("l").owner("w" + i)));
            awaitWaiters(i + 1);
        }
        cluster.leader().stop();

        long token = first.token();
        first.unlock().join();
        for (CompletableFuture<HeldLock> each : waiting) {
            HeldLock held = each.join();
            assertThat(held.token()).isGreaterThan(token);
            token = held.token();
            held.unlock().join();
        }
    }

    @Test
    void lossOfTheLeaseIsToldAndTheLockIsFree() {
        HeldLock lock = locks.lock("l").join();

        store.leases().revoke(lock.leaseId()).join();

        assertThat(lock.lost().join().code()).isEqualTo(ErrorCode.LOCK_LOST);
        assertThat(locks.lock("l").join().token()).isGreaterThan(lock.token());
    }

    @Test
    void lockThatIsNotGrantedInTimeIsNotThere() {
        locks.lock("l").join();

        assertThat(locks.tryLock(LockSpec.exclusive("l").atMost(Duration.ofMillis(50)))
                        .join())
                .isEmpty();
        assertThat(code(locks.lock(LockSpec.permit("l", 2)))).isEqualTo(ErrorCode.LOCK_MISMATCH);
    }

    @Test
    void electionIsFollowedThroughProclamationResignationAndTheLossOfAMember() throws InterruptedException {
        LinkedBlockingQueue<Optional<Holder>> seen = new LinkedBlockingQueue<>();
        try (Observation observation = locks.observe("e", seen::add)) {
            assertThat(seen.poll(60, TimeUnit.SECONDS)).isEmpty();
            HeldLock leader = locks.campaign("e", Bytes.of("a:1")).join();
            awaitValue(seen, "a:1");
            cluster.leader().stop();
            leader.proclaim(Bytes.of("a:2")).join();
            awaitValue(seen, "a:2");
            leader.unlock().join();
            locks.campaign("e", Bytes.of("b:1")).join();
            awaitValue(seen, "b:1");
            assertThat(observation.ended()).isNotDone();
        }
    }

    private static void awaitValue(LinkedBlockingQueue<Optional<Holder>> seen, String value)
            throws InterruptedException {
        String shown = "";
        while (!shown.equals(value)) {
            Optional<Holder> next = seen.poll(60, TimeUnit.SECONDS);
            assertThat(next).as("told of " + value).isNotNull();
            shown = next.map(holder -> holder.value().utf8()).orElse("");
        }
    }

    @Test
    void barrierAndLatchLetAllGoTogether() {
        List<Barrier> parties = List.of(locks.barrier("b", 3), locks.barrier("b", 3), locks.barrier("b", 3));
        for (int round = 0; round < 2; round++) {
            CompletableFuture.allOf(parties.stream().map(Barrier::enter).toArray(CompletableFuture[]::new))
                    .join();
            CompletableFuture.allOf(parties.stream().map(Barrier::leave).toArray(CompletableFuture[]::new))
                    .join();
        }
        assertThat(code(parties.get(0).enter(Duration.ofMillis(50)))).isEqualTo(ErrorCode.WAIT_TIMEOUT);

        Latch latch = locks.latch("t");
        latch.create(2).join();
        CompletableFuture<Void> open = latch.await();
        assertThat(latch.countDown().join()).isEqualTo(1);
        assertThat(open).isNotDone();
        assertThat(latch.countDown().join()).isZero();
        open.join();
        latch.delete().join();
    }

    @Test
    void sequentialPutsTellTheirKeys() {
        Bytes first = store.kv().put(Op.put("q/", "1").sequential()).join().key();
        Bytes second = store.kv().put(Op.put("q/", "2").sequential()).join().key();

        assertThat(first.size()).isEqualTo(10);
        assertThat(first.compareTo(second)).isNegative();
    }

    private static ErrorCode code(CompletableFuture<?> call) {
        return GrpcErrors.fromGrpc(catchThrowable(call::join)).code();
    }
}
