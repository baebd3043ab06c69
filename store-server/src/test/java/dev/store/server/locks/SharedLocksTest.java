package dev.store.server.locks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.DescribeLockRequest;
import dev.store.api.v1.DescribeLockResponse;
import dev.store.api.v1.LockMode;
import dev.store.api.v1.LockRequest;
import dev.store.api.v1.LockResponse;
import dev.store.server.locks.LockCaller.Pending;
import dev.store.server.testing.TestCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Locks that several hold at a time, over the wire, on three nodes. */
@Timeout(120)
class SharedLocksTest {
    @TempDir
    static Path folder;

    private static TestCluster cluster;
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final String lock = "test/lock-" + NAMES.incrementAndGet();

    @BeforeAll
    static void start() throws IOException {
        cluster = TestCluster.start(folder, 3, Map.of());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static LockCaller caller(int node, String owner) {
        return LockCaller.at(cluster.node(node), owner);
    }

    @Test
    void sharedHoldersHoldTogetherAndAnExclusiveOneWaitsForAllOfThem() {
        LockCaller r1 = caller(0, "r1");
        LockCaller r2 = caller(1, "r2");
        long t1 = r1.share(lock).get().getToken();
        long t2 = r2.share(lock).get().getToken();
        LockCaller w = caller(2, "w");
        Pending<LockResponse> writer = w.lock(lock);
        awaitWaiters(1);
        Pending<LockResponse> reader = caller(0, "r3").share(lock);
        awaitWaiters(2);

        r1.unlock(lock, t1);
        assertThat(writer.isDone()).isFalse();
        r2.unlock(lock, t2);
        LockResponse written = writer.get();
        assertThat(reader.isDone()).as("a later reader does not overtake").isFalse();
        w.unlock(lock, written.getToken());
        assertThat(reader.get().getToken()).isGreaterThan(written.getToken());
    }

    @Test
    void semaphoreIsNeverHeldByMoreThanItsPermitsUnderFiftyContenders() throws InterruptedException {
        int permits = 3;
        Set<Long> inside = ConcurrentHashMap.newKeySet();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            LockCaller caller = caller(i % 3, "c" + i);
            Thread thread = new Thread(() -> {
                for (int round = 0; round < 3; round++) {
                    long token = caller.permit(lock, permits).get().getToken();
                    inside.add(token);
                    most.accumulateAndGet(inside.size(), Math::max);
                    Thread.onSpinWait();
                    inside.remove(token);
                    caller.unlock(lock, token);
                }
                done.incrementAndGet();
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(done).hasValue(50);
        assertThat(most.get()).isBetween(1, permits);
        assertThat(describe().getHolderCount()).isZero();
    }

    @Test
    void triedPermitIsGivenOnlyIfOneIsFree() {
        LockCaller a = caller(0, "a");
        LockCaller b = caller(1, "b");
        LockCaller c = caller(2, "c");
        long token = a.send(permit(a, 2).setWaitMs(0)).get().getToken();
        b.send(permit(b, 2).setWaitMs(0)).get();

        assertThat(c.send(permit(c, 2).setWaitMs(0)).failure().code()).isEqualTo(ErrorCode.WAIT_TIMEOUT);
        assertThat(a.send(permit(a, 2).setWaitMs(0)).get().getToken()).isEqualTo(token);
        a.unlock(lock, token);
        assertThat(c.send(permit(c, 2).setWaitMs(0)).get().getToken()).isGreaterThan(token);
    }

    private LockRequest.Builder permit(LockCaller caller, int permits) {
        return caller.request(lock).setMode(LockMode.LOCK_MODE_PERMIT).setPermits(permits);
    }

    @Test
    void nameInUseAsSomethingElseIsRefusedWithBothNamed() {
        caller(0, "a").permit(lock, 3).get();
        LockCaller b = caller(1, "b");

        StoreException otherNumber = b.permit(lock, 5).failure();
        StoreException otherKind = b.lock(lock).failure();

        assertThat(otherNumber.code()).isEqualTo(ErrorCode.LOCK_MISMATCH);
        assertThat(otherNumber)
                .hasMessageContaining("a semaphore of 5 permits")
                .hasMessageContaining("a semaphore of 3 permits");
        assertThat(otherKind.code()).isEqualTo(ErrorCode.LOCK_MISMATCH);
        assertThat(otherKind).hasMessageContaining("an exclusive lock (expected: a semaphore of 3 permits");
    }

    @Test
    void ownerThatHoldsSharedIsRefusedToHoldAloneAsWell() {
        LockCaller a = caller(0, "a");
        a.share(lock).get();

        assertThat(a.lock(lock).failure().code()).isEqualTo(ErrorCode.LOCK_MISMATCH);
    }

    private DescribeLockResponse describe() {
        return LockCaller.stub(cluster.node(0))
                .describeLock(DescribeLockRequest.newBuilder().setName(lock).build());
    }

    private void awaitWaiters(int count) {
        TestCluster.await(count + " wait", () -> describe().getWaiterCount() == count);
    }
}
