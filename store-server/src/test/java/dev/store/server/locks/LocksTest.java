package dev.store.server.locks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.api.v1.DescribeLockRequest;
import dev.store.api.v1.DescribeLockResponse;
import dev.store.api.v1.ListLocksRequest;
import dev.store.api.v1.LockGuard;
import dev.store.api.v1.LockHolder;
import dev.store.api.v1.LockMode;
import dev.store.api.v1.LockRequest;
import dev.store.api.v1.LockResponse;
import dev.store.api.v1.LockSummary;
import dev.store.api.v1.LockWaiter;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.Put;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.RenewLockRequest;
import dev.store.api.v1.VerifyLockRequest;
import dev.store.server.locks.LockCaller.Pending;
import dev.store.server.testing.TestCluster;
import dev.store.server.testing.TestCluster.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Locks over the wire, on three nodes. */
@Timeout(120)
class LocksTest {
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
    void freeLockIsGrantedAtOnceWithTheRevisionAsItsToken() {
        LockCaller a = caller(0, "a");

        LockResponse held = a.lock(lock).get();

        assertThat(held.getToken()).isEqualTo(held.getHeader().getRevision());
        assertThat(held.getLeaseId()).isEqualTo(a.leaseId);
        assertThat(verify(2, held.getToken())).isTrue();
    }

    @Test
    void waitersOnAllMembersAreServedInTheOrderInWhichTheyCameAndTokensRise() {
        LockCaller first = caller(0, "first");
        long token = first.lock(lock).get().getToken();
        List<LockCaller> callers = new ArrayList<>();
        List<Pending<LockResponse>> waiting = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            LockCaller caller = caller(i % 3, "w" + i);
            callers.add(caller);
            waiting.add(caller.lock(lock));
            awaitWaiters(i + 1);
        }
        assertThat(describe().getWaitersList())
                .extracting(LockWaiter::getOwner)
                .containsExactly("w0", "w1", "w2", "w3", "w4", "w5");

        first.unlock(lock, token);
        for (int i = 0; i < waiting.size(); i++) {
            LockResponse held = waiting.get(i).get();
            assertThat(held.getToken()).isGreaterThan(token);
            assertThat(waiting.subList(i + 1, waiting.size()))
                    .as("only the next one is woken")
                    .noneMatch(Pending::isDone);
            token = held.getToken();
            callers.get(i).unlock(lock, token);
        }
        assertThat(describe().getHolderCount()).isZero();
    }

    @Test
    void endOfTheHoldersLeasePassesTheLockOn() {
        LockCaller a = caller(0, "a");
        LockCaller b = caller(1, "b");
        long old = a.lock(lock).get().getToken();
        Pending<LockResponse> next = b.lock(lock);
        awaitWaiters(1);

        a.endLease();

        assertThat(next.get().getToken()).isGreaterThan(old);
        assertThat(verify(0, old)).isFalse();
    }

    @Test
    void leaseThatIsNotKeptAliveEndsByItselfAndPassesTheLockOn() {
        LockCaller a = LockCaller.at(cluster.node(0), "a", 1_000);
        a.lock(lock).get();

        assertThat(caller(1, "b").lock(lock).get().getToken()).isPositive();
    }

    @Test
    void callWhoseLeaseEndsWhileItWaitsIsToldThatItLostItsPlace() {
        LockCaller a = caller(0, "a");
        LockCaller b = caller(1, "b");
        a.lock(lock).get();
        Pending<LockResponse> lost = b.lock(lock);
        awaitWaiters(1);

        b.endLease();

        StoreException failure = lost.failure();
        assertThat(failure.code()).isEqualTo(ErrorCode.LOCK_LOST);
        assertThat(failure).hasMessageContaining("owner \"b\" under lease " + b.leaseId);
    }

    @Test
    void guardedWriteTakesEffectOnlyWhileTheTokenHolds() {
        LockCaller a = caller(0, "a");
        LockCaller b = caller(1, "b");
        long old = a.lock(lock).get().getToken();
        put(0, "guarded", old);
        a.endLease();
        long present = b.lock(lock).get().getToken();

        StoreException refused = failure(() -> put(2, "guarded", old));

        assertThat(refused.code()).isEqualTo(ErrorCode.LOCK_NOT_HELD);
        assertThat(refused.details())
                .containsEntry("holder_owner", "b")
                .containsEntry("holder_token", Long.toString(present))
                .containsEntry("holder_lease_id", Long.toString(b.leaseId));
        put(2, "guarded", present);
    }

    @Test
    void askingAgainWithTheSameOwnerGivesTheSameTokenAndTakesNoSecondPlace() {
        LockCaller a = caller(0, "a");
        long token = a.lock(lock).get().getToken();

        assertThat(a.lock(lock).get().getToken()).isEqualTo(token);
        assertThat(a.movedTo(cluster.node(1)).attempt(lock).get().getToken()).isEqualTo(token);
        assertThat(describe().getHolderCount()).isEqualTo(1);
        assertThat(describe().getWaiterCount()).isZero();
    }

    @Test
    void newestCallOfAnOwnerSpeaksForItsPlaceAndTheOlderOneIsSentAway() {
        LockCaller holder = caller(0, "holder");
        long token = holder.lock(lock).get().getToken();
        LockCaller a = caller(0, "a");
        Pending<LockResponse> older = a.lock(lock);
        awaitWaiters(1);
        Pending<LockResponse> newer = a.movedTo(cluster.node(1)).lock(lock);
        awaitAttached(a);

        // The end of the older call leaves the place alone.
        older.cancel();
        assertThat(describe().getWaiterCount()).isEqualTo(1);
        holder.unlock(lock, token);

        assertThat(newer.get().getToken()).isGreaterThan(token);
    }

    @Test
    void olderCallOfAnOwnerIsNeverAnsweredWithAGrant() {
        LockCaller holder = caller(0, "holder");
        long token = holder.lock(lock).get().getToken();
        LockCaller a = caller(0, "a");
        Pending<LockResponse> older = a.lock(lock);
        awaitWaiters(1);
        Pending<LockResponse> newer = a.movedTo(cluster.node(1)).lock(lock);
        awaitAttached(a);

        holder.unlock(lock, token);

        assertThat(newer.get().getToken()).isGreaterThan(token);
        assertThat(older.failure().code()).isEqualTo(ErrorCode.LOCK_LOST);
    }

    @Test
    void canceledCallLeavesTheQueue() {
        LockCaller a = caller(0, "a");
        long token = a.lock(lock).get().getToken();
        Pending<LockResponse> gone = caller(1, "gone").lock(lock);
        awaitWaiters(1);
        Pending<LockResponse> next = caller(2, "next").lock(lock);
        awaitWaiters(2);

        gone.cancel();

        TestCluster.await("one left", () -> describe().getWaiterCount() == 1);
        a.unlock(lock, token);
        next.get();
    }

    @Test
    void callThatIsNotServedInTimeLeavesTheQueueAndNamesTheHolder() {
        LockCaller a = caller(0, "a");
        long token = a.lock(lock).get().getToken();
        LockCaller b = caller(1, "b");

        StoreException late = b.send(b.request(lock).setWaitMs(100)).failure();

        assertThat(late.code()).isEqualTo(ErrorCode.WAIT_TIMEOUT);
        assertThat(late).hasMessageContaining("within 100 ms").hasMessageContaining("\"a\" under token " + token);
        assertThat(late.details()).containsEntry("holder_owner", "a");
        assertThat(describe().getWaiterCount()).isZero();
    }

    @Test
    void triedLockThatIsHeldLeavesNothingBehind() {
        caller(0, "a").lock(lock).get();
        LockCaller b = caller(1, "b");
        long before = cluster.leader().revision();

        StoreException held = b.attempt(lock).failure();

        assertThat(held.code()).isEqualTo(ErrorCode.WAIT_TIMEOUT);
        assertThat(held.details()).containsEntry("holder_owner", "a");
        assertThat(cluster.leader().revision()).isEqualTo(before);
    }

    @Test
    void unlockNamesTokenOwnerAndLease() {
        LockCaller a = caller(0, "a");
        LockCaller b = caller(1, "b");
        long old = a.lock(lock).get().getToken();
        a.unlock(lock, old);
        long token = b.lock(lock).get().getToken();

        for (StoreException refused : List.of(
                failure(() -> a.unlock(lock, old)),
                failure(() -> a.unlock(lock, token)),
                failure(() -> b.unlock(lock, old)),
                failure(() -> b.stub()
                        .unlock(b.unlockRequest(lock, token)
                                .setLeaseId(a.leaseId)
                                .build())))) {
            assertThat(refused.code()).isEqualTo(ErrorCode.LOCK_NOT_HELD);
            assertThat(refused.details())
                    .containsEntry("holder_owner", "b")
                    .containsEntry("holder_token", Long.toString(token));
        }
        assertThat(verify(0, token)).isTrue();
    }

    @Test
    void retriedUnlockSucceedsAgainAndHurtsNobody() {
        LockCaller a = caller(0, "a");
        long token = a.lock(lock).get().getToken();
        var once = a.unlockRequest(lock, token)
                .setOperation(OperationId.newBuilder().setClientId(77).setSequence(token))
                .build();
        a.stub().unlock(once);
        long next = caller(1, "b").lock(lock).get().getToken();

        LockCaller.stub(cluster.node(2)).unlock(once);

        assertThat(verify(0, next)).isTrue();
    }

    @Test
    void retriedLockWithALeaseOfItsOwnIsAnsweredWithTheSameLeaseAndToken() {
        LockRequest request = LockRequest.newBuilder()
                .setName(lock)
                .setOwner("a")
                .setTtlMs(60_000)
                .setOperation(OperationId.newBuilder().setClientId(78).setSequence(NAMES.get()))
                .build();
        LockResponse first = LockCaller.stub(cluster.node(0)).lock(request);

        LockResponse again = LockCaller.stub(cluster.node(1)).lock(request);

        assertThat(again.getToken()).isEqualTo(first.getToken());
        assertThat(again.getLeaseId()).isEqualTo(first.getLeaseId());
        assertThat(describe().getHolderCount()).isEqualTo(1);
    }

    @Test
    void leaseOfItsOwnIsKeptAliveWhileTheCallWaitsAndEndsWithUnlock() {
        LockCaller a = LockCaller.at(cluster.node(0), "a", 5_000);
        a.lock(lock).get();
        // The lease of the holder ends only after the one of the waiter would have.
        Pending<LockResponse> waiting = Pending.of(
                cluster.node(1),
                dev.store.api.v1.LocksGrpc.getLockMethod(),
                LockRequest.newBuilder()
                        .setName(lock)
                        .setOwner("b")
                        .setTtlMs(3_000)
                        .setWaitMs(LockCaller.LONG_WAIT_MS)
                        .build());

        LockResponse held = waiting.get();
        a.stub()
                .unlock(a.unlockRequest(lock, held.getToken())
                        .setOwner("b")
                        .setLeaseId(held.getLeaseId())
                        .build());

        TestCluster.await("the lease has ended", () -> cluster.leader().server().replica().leases().stream()
                .noneMatch(lease -> lease.id() == held.getLeaseId()));
    }

    @Test
    void renewalChecksTheTokenAndRenewsTheLease() {
        LockCaller a = caller(0, "a");
        long token = a.lock(lock).get().getToken();
        RenewLockRequest.Builder renew = RenewLockRequest.newBuilder()
                .setName(lock)
                .setOwner("a")
                .setLeaseId(a.leaseId)
                .setToken(token);

        assertThat(LockCaller.stub(cluster.node(1)).renewLock(renew.build()).getTtlMs())
                .isEqualTo(120_000);
        assertThat(failure(() -> a.stub().renewLock(renew.clone().setOwner("b").build()))
                        .code())
                .isEqualTo(ErrorCode.LOCK_NOT_HELD);
        a.unlock(lock, token);
        assertThat(failure(() -> a.stub().renewLock(renew.build())).code()).isEqualTo(ErrorCode.LOCK_NOT_HELD);
    }

    @Test
    void descriptionShowsWhoHoldsAndWhoWaitsAndNoTokenOfThoseWhoWait() {
        LockCaller a = caller(0, "a");
        LockResponse held = a.send(a.request(lock).setValue(ByteString.copyFromUtf8("10.0.0.1")))
                .get();
        LockCaller b = caller(1, "b");
        b.share(lock);
        awaitWaiters(1);

        DescribeLockResponse shown = describe();

        LockHolder holder = shown.getHolders(0);
        assertThat(holder.getOwner()).isEqualTo("a");
        assertThat(holder.getLeaseId()).isEqualTo(a.leaseId);
        assertThat(holder.getToken()).isEqualTo(held.getToken());
        assertThat(holder.getValue().toStringUtf8()).isEqualTo("10.0.0.1");
        assertThat(holder.getSinceMs()).isBetween(System.currentTimeMillis() - 60_000, System.currentTimeMillis());
        assertThat(shown.getWaitersList()).singleElement().satisfies(waiter -> {
            assertThat(waiter.getOwner()).isEqualTo("b");
            assertThat(waiter.getLeaseId()).isEqualTo(b.leaseId);
            assertThat(waiter.getMode()).isEqualTo(LockMode.LOCK_MODE_SHARED);
        });
    }

    @Test
    void locksAreListedByNameInPages() {
        for (String name : List.of("list/a", "list/b", "list/c", "lisu")) {
            caller(0, "a").lock(name).get();
        }
        ListLocksRequest.Builder request =
                ListLocksRequest.newBuilder().setPrefix("list/").setLimit(2);

        var first = LockCaller.stub(cluster.node(2)).listLocks(request.build());
        var second = LockCaller.stub(cluster.node(1))
                .listLocks(request.setAfter("list/b").build());

        assertThat(first.getLocksList()).extracting(LockSummary::getName).containsExactly("list/a", "list/b");
        assertThat(first.getMore()).isTrue();
        assertThat(first.getLocks(0).getHolder().getOwner()).isEqualTo("a");
        assertThat(second.getLocksList()).extracting(LockSummary::getName).containsExactly("list/c");
        assertThat(second.getMore()).isFalse();
    }

    @Test
    void badInputIsRefusedByNameAndChangesNothing() {
        LockCaller a = caller(0, "a");
        long before = cluster.leader().revision();
        refused(a.request("a b"), "name: \"a b\" (expected: 1 to 128 characters");
        refused(a.request(""), "name: \"\"");
        refused(a.request("n".repeat(129)), "name: \"nnn");
        refused(a.request(lock).setOwner("a\0b"), "owner: \"a?b\"");
        refused(a.request(lock).setWaitMs(-1), "wait_ms: -1 (expected: 0 to 86400000)");
        refused(a.request(lock).setTtlMs(5_000), "expected: exactly one of them set");
        refused(a.request(lock).setLeaseId(0), "expected: exactly one of them set");
        refused(a.request(lock).setLeaseId(0).setTtlMs(10), "ttl_ms: 10");
        refused(a.request(lock).setPermits(2), "permits: 2 (expected: 0 unless");
        refused(a.request(lock).setMode(LockMode.LOCK_MODE_PERMIT), "permits: 0 (expected: 1 to 10000)");
        refused(a.request(lock).setModeValue(9), "mode: 9 (expected: 0 to 2)");
        refused(a.request(lock).setNamespace("No"), "namespace: \"No\"");
        refused(a.request(lock).setValue(ByteString.copyFrom(new byte[4_097])), "value: 4097 bytes");
        assertThat(a.send(a.request(lock).setLeaseId(999_999)).failure().code()).isEqualTo(ErrorCode.LEASE_NOT_FOUND);
        assertThat(failure(() -> a.unlock(lock, 0))).hasMessageContaining("token: 0 (expected: greater than 0)");
        assertThat(cluster.leader().revision()).isEqualTo(before);
    }

    private static void refused(LockRequest.Builder request, String message) {
        assertThat(Pending.of(cluster.node(0), dev.store.api.v1.LocksGrpc.getLockMethod(), request.build())
                        .failure())
                .hasMessageContaining(message);
    }

    private void put(int node, String key, long token) {
        cluster.node(node)
                .kv()
                .put(PutRequest.newBuilder()
                        .setPut(Put.newBuilder()
                                .setKey(ByteString.copyFromUtf8(key))
                                .addRequiredLocks(
                                        LockGuard.newBuilder().setName(lock).setToken(token)))
                        .build());
    }

    private boolean verify(int node, long token) {
        return LockCaller.stub(cluster.node(node))
                .verify(VerifyLockRequest.newBuilder()
                        .setName(lock)
                        .setToken(token)
                        .build())
                .getHeld();
    }

    private DescribeLockResponse describe() {
        return LockCaller.stub(cluster.node(0))
                .describeLock(DescribeLockRequest.newBuilder().setName(lock).build());
    }

    private void awaitWaiters(int count) {
        TestCluster.await(count + " wait", () -> describe().getWaiterCount() == count);
    }

    /** Waits until a second call of a caller speaks for its place. */
    private void awaitAttached(LockCaller caller) {
        Node leader = cluster.leader();
        ByteString key =
                dev.store.raft.keyspace.Scope.records("").key(LockAsk.ownerKey(lock, caller.leaseId, caller.owner));
        TestCluster.await("the newer call speaks", () -> {
            try (var view = leader.server()
                    .replica()
                    .read(dev.store.api.v1.ReadOptions.getDefaultInstance(), java.time.Duration.ofSeconds(10))
                    .join()) {
                return view.get(key, 0).orElseThrow().version() == 2;
            }
        });
    }

    private static StoreException failure(Runnable call) {
        return GrpcErrors.fromGrpc(catchThrowable(call::run));
    }
}
