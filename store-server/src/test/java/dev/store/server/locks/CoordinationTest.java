package dev.store.server.locks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.api.v1.AwaitLatchRequest;
import dev.store.api.v1.AwaitLatchResponse;
import dev.store.api.v1.CountDownRequest;
import dev.store.api.v1.CreateLatchRequest;
import dev.store.api.v1.DeleteLatchRequest;
import dev.store.api.v1.EnterBarrierRequest;
import dev.store.api.v1.EnterBarrierResponse;
import dev.store.api.v1.LeaveBarrierRequest;
import dev.store.api.v1.LeaveBarrierResponse;
import dev.store.api.v1.LocksGrpc;
import dev.store.api.v1.ObserveLockRequest;
import dev.store.api.v1.ObserveLockResponse;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.ProclaimRequest;
import dev.store.server.locks.LockCaller.Pending;
import dev.store.server.testing.TestCluster;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Elections, barriers and latches over the wire, on three nodes. */
@Timeout(120)
class CoordinationTest {
    @TempDir
    static Path folder;

    private static TestCluster cluster;
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final String name = "test/" + NAMES.incrementAndGet();

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

    private static LocksGrpc.LocksBlockingStub stub(int node) {
        return LockCaller.stub(cluster.node(node));
    }

    @Test
    void observerSeesTheLeaderItsProclamationsAndItsSuccessors() throws InterruptedException {
        LockCaller a = caller(0, "a");
        LockCaller b = caller(1, "b");
        Observer observer = new Observer(2);
        assertThat(observer.next().hasHolder()).isFalse();

        long first = a.send(a.request(name).setValue(text("a:1"))).get().getToken();
        assertThat(observer.awaitValue("a:1").getHolder().getToken()).isEqualTo(first);
        Pending<?> candidate = b.send(b.request(name).setValue(text("b:1")));
        stub(2).proclaim(proclaim(first, "a:2"));
        assertThat(observer.awaitValue("a:2").getHolder().getToken()).isEqualTo(first);
        a.unlock(name, first);
        candidate.get();

        assertThat(observer.awaitValue("b:1").getHolder().getToken()).isGreaterThan(first);
        StoreException refused = failure(() -> stub(0).proclaim(proclaim(first, "a:3")));
        assertThat(refused.code()).isEqualTo(ErrorCode.LOCK_NOT_HELD);
        assertThat(refused.details()).containsEntry("holder_owner", "b");
        observer.close();
    }

    @Test
    void proclamationLeavesTokenAndOwnerAsTheyWere() {
        LockCaller a = caller(0, "a");
        long token = a.lock(name).get().getToken();

        stub(1).proclaim(proclaim(token, "new"));
        a.unlock(name, token);
    }

    private ProclaimRequest proclaim(long token, String value) {
        return ProclaimRequest.newBuilder()
                .setName(name)
                .setToken(token)
                .setValue(text(value))
                .build();
    }

    private static ByteString text(String text) {
        return ByteString.copyFromUtf8(text);
    }

    @Test
    void barrierOpensWhenAllPartiesAreInAndClosesWhenAllAreOut() {
        List<LockCaller> callers = List.of(caller(0, "a"), caller(1, "b"), caller(2, "c"));
        for (int round = 0; round < 3; round++) {
            List<Pending<EnterBarrierResponse>> entering = new ArrayList<>();
            for (LockCaller caller : callers.subList(0, 2)) {
                entering.add(enter(caller, 3));
            }
            assertThat(entering).noneMatch(Pending::isDone);
            entering.add(enter(callers.get(2), 3));
            entering.forEach(Pending::get);

            List<Pending<LeaveBarrierResponse>> leaving = new ArrayList<>();
            leaving.add(leave(callers.get(0), 3));
            leaving.add(leave(callers.get(1), 3));
            assertThat(leaving).noneMatch(Pending::isDone);
            leaving.add(leave(callers.get(2), 3));
            leaving.forEach(Pending::get);
        }
    }

    @Test
    void partyOfTheNextRoundWaitsUntilThoseOfTheLastHaveLeft() {
        LockCaller a = caller(0, "a");
        LockCaller b = caller(1, "b");
        Pending<EnterBarrierResponse> inside = enter(a, 1);
        inside.get();
        Pending<EnterBarrierResponse> early = enter(b, 1);
        assertThat(early.isDone()).isFalse();

        leave(a, 1).get();

        early.get();
    }

    @Test
    void deadPartyLeavesTheBarrierByTheEndOfItsLease() {
        LockCaller a = caller(0, "a");
        LockCaller b = caller(1, "b");
        Pending<EnterBarrierResponse> first = enter(a, 2);
        enter(b, 2).get();
        first.get();
        Pending<LeaveBarrierResponse> leaving = leave(a, 2);

        b.endLease();

        leaving.get();
        LockCaller next = caller(2, "c");
        assertThat(enter(next, 1).get().getHeader().getRevision()).isPositive();
    }

    @Test
    void barrierThatDoesNotFillInTimeLetsItsPartyGo() {
        LockCaller a = caller(0, "a");

        StoreException late = Pending.of(
                        a.node,
                        LocksGrpc.getEnterBarrierMethod(),
                        enterRequest(a, 2).toBuilder().setWaitMs(50).build())
                .failure();

        assertThat(late.code()).isEqualTo(ErrorCode.WAIT_TIMEOUT);
        assertThat(late).hasMessageContaining("(expected: 2 parties)");
        enter(caller(1, "b"), 1).get();
    }

    @Test
    void partyWhoseLeaseEndsWhileItWaitsDoesNotPass() {
        LockCaller a = caller(0, "a");
        Pending<EnterBarrierResponse> waiting = enter(a, 2);

        // The party may not have come in yet.
        TestCluster.await("the party is in", () -> keysOf(a) == 1);
        a.endLease();

        assertThat(waiting.failure().code()).isEqualTo(ErrorCode.LOCK_LOST);
    }

    private static int keysOf(LockCaller caller) {
        return cluster.leader().server().replica().leaseKeys(caller.leaseId).size();
    }

    @Test
    void partiesThatDoNotAgreeOnTheirNumberAreToldBoth() {
        LockCaller a = caller(0, "a");
        Pending<EnterBarrierResponse> waiting = enter(a, 2);
        TestCluster.await("the party is in", () -> keysOf(a) == 1);

        StoreException refused = enter(caller(1, "b"), 4).failure();

        assertThat(refused.code()).isEqualTo(ErrorCode.LOCK_MISMATCH);
        assertThat(refused).hasMessageContaining("parties: 4 (expected: 2");
        assertThat(enter(caller(1, "b"), 0).failure()).hasMessageContaining("parties: 0 (expected: 1 to 1000)");
        assertThat(waiting.isDone()).isFalse();
        waiting.cancel();
        TestCluster.await("the party is out", () -> keysOf(a) == 0);
    }

    private Pending<EnterBarrierResponse> enter(LockCaller caller, int parties) {
        return Pending.of(caller.node, LocksGrpc.getEnterBarrierMethod(), enterRequest(caller, parties));
    }

    private EnterBarrierRequest enterRequest(LockCaller caller, int parties) {
        return EnterBarrierRequest.newBuilder()
                .setName(name)
                .setOwner(caller.owner)
                .setLeaseId(caller.leaseId)
                .setParties(parties)
                .setWaitMs(LockCaller.LONG_WAIT_MS)
                .build();
    }

    private Pending<LeaveBarrierResponse> leave(LockCaller caller, int parties) {
        return Pending.of(
                caller.node,
                LocksGrpc.getLeaveBarrierMethod(),
                LeaveBarrierRequest.newBuilder()
                        .setName(name)
                        .setOwner(caller.owner)
                        .setLeaseId(caller.leaseId)
                        .setParties(parties)
                        .setWaitMs(LockCaller.LONG_WAIT_MS)
                        .build());
    }

    @Test
    void latchOpensForAllWhenItHasBeenCountedDown() {
        createLatch(3);
        List<Pending<AwaitLatchResponse>> waiting = List.of(await(0), await(1), await(2));

        assertThat(countDown(0, 1)).isEqualTo(2);
        assertThat(countDown(1, 1)).isEqualTo(1);
        assertThat(waiting).noneMatch(Pending::isDone);
        assertThat(countDown(2, 5)).as("never below zero").isZero();

        waiting.forEach(Pending::get);
        await(1).get();
        assertThat(countDown(0, 1)).isZero();
    }

    @Test
    void retriedCountdownCountsOnce() {
        createLatch(5);
        CountDownRequest once = CountDownRequest.newBuilder()
                .setName(name)
                .setOperation(OperationId.newBuilder().setClientId(90).setSequence(NAMES.get()))
                .build();

        assertThat(stub(0).countDown(once).getRemaining()).isEqualTo(4);
        assertThat(stub(1).countDown(once).getRemaining()).isEqualTo(4);
        assertThat(countDown(2, 1)).isEqualTo(3);
    }

    @Test
    void countdownsOfManyAreAllCounted() throws InterruptedException {
        createLatch(60);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int node = i % 3;
            Thread thread = new Thread(() -> {
                for (int j = 0; j < 5; j++) {
                    countDown(node, 1);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }

        await(0).get();
    }

    @Test
    void latchThatIsNotThereIsSaidToBe() {
        assertThat(failure(() -> countDown(0, 1)).code()).isEqualTo(ErrorCode.LATCH_NOT_FOUND);
        assertThat(await(1).failure().code()).isEqualTo(ErrorCode.LATCH_NOT_FOUND);
        createLatch(1);
        assertThat(failure(() -> createLatch(1)).code()).isEqualTo(ErrorCode.LATCH_EXISTS);
        Pending<AwaitLatchResponse> waiting = await(2);
        stub(0).deleteLatch(DeleteLatchRequest.newBuilder().setName(name).build());
        assertThat(waiting.failure().code()).isEqualTo(ErrorCode.LATCH_NOT_FOUND);
        assertThat(failure(() -> stub(0).deleteLatch(DeleteLatchRequest.newBuilder()
                                .setName(name)
                                .build()))
                        .code())
                .isEqualTo(ErrorCode.LATCH_NOT_FOUND);
        assertThat(failure(() -> createLatch(0))).hasMessageContaining("count: 0 (expected: 1 to 1000000000)");
        assertThat(failure(() -> countDown(0, -1))).hasMessageContaining("by: -1 (expected: 0 to 1000000000)");
    }

    @Test
    void awaitedLatchThatIsNotCountedDownInTimeSaysWhatIsMissing() {
        createLatch(2);

        StoreException late = Pending.of(
                        cluster.node(0),
                        LocksGrpc.getAwaitLatchMethod(),
                        AwaitLatchRequest.newBuilder().setName(name).build())
                .failure();

        assertThat(late.code()).isEqualTo(ErrorCode.WAIT_TIMEOUT);
        assertThat(late).hasMessageContaining("2 countdowns are still to come after 0 ms");
    }

    private void createLatch(int count) {
        stub(0).createLatch(CreateLatchRequest.newBuilder()
                .setName(name)
                .setCount(count)
                .build());
    }

    private int countDown(int node, int by) {
        return stub(node)
                .countDown(CountDownRequest.newBuilder().setName(name).setBy(by).build())
                .getRemaining();
    }

    private Pending<AwaitLatchResponse> await(int node) {
        return Pending.of(
                cluster.node(node),
                LocksGrpc.getAwaitLatchMethod(),
                AwaitLatchRequest.newBuilder()
                        .setName(name)
                        .setWaitMs(LockCaller.LONG_WAIT_MS)
                        .build());
    }

    private static StoreException failure(Runnable call) {
        return GrpcErrors.fromGrpc(catchThrowable(call::run));
    }

    /** Follows the holder of the lock. */
    private final class Observer implements ClientResponseObserver<ObserveLockRequest, ObserveLockResponse> {
        private final LinkedBlockingQueue<ObserveLockResponse> seen = new LinkedBlockingQueue<>();
        private @org.jspecify.annotations.Nullable ClientCallStreamObserver<ObserveLockRequest> call;

        Observer(int node) {
            LocksGrpc.newStub(cluster.node(node).channel())
                    .observeLock(ObserveLockRequest.newBuilder().setName(name).build(), this);
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<ObserveLockRequest> started) {
            call = started;
        }

        @Override
        public void onNext(ObserveLockResponse response) {
            seen.add(response);
        }

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onCompleted() {}

        ObserveLockResponse next() throws InterruptedException {
            ObserveLockResponse response = seen.poll(60, TimeUnit.SECONDS);
            if (response == null) {
                throw new AssertionError("nothing seen within 60 s");
            }
            return response;
        }

        ObserveLockResponse awaitValue(String value) throws InterruptedException {
            ObserveLockResponse response = next();
            while (!response.getHolder().getValue().toStringUtf8().equals(value)) {
                response = next();
            }
            return response;
        }

        void close() {
            java.util.Objects.requireNonNull(call).cancel("seen enough", null);
        }
    }
}
