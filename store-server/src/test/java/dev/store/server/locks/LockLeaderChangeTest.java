package dev.store.server.locks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.error.ErrorCode;
import dev.store.api.v1.DescribeLockRequest;
import dev.store.api.v1.LockRequest;
import dev.store.api.v1.LockResponse;
import dev.store.api.v1.LockWaiter;
import dev.store.server.locks.LockCaller.Pending;
import dev.store.server.testing.TestCluster;
import dev.store.server.testing.TestCluster.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Locks while leaders change and members stop. */
@Timeout(120)
class LockLeaderChangeTest {
    private static final String LOCK = "lock";

    @TempDir
    Path folder;

    private TestCluster cluster;

    @BeforeEach
    void start() throws IOException {
        cluster = TestCluster.start(folder, 3, Map.of());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void memberThatStopsKeepsThePlacesOfItsCallersAndAnotherServesThemThere() throws IOException {
        Node stopping = cluster.leader();
        List<Node> others =
                cluster.nodes().stream().filter(node -> node != stopping).toList();
        LockCaller holder = LockCaller.at(others.get(0), "holder");
        long token = holder.lock(LOCK).get().getToken();
        LockCaller moved = LockCaller.at(stopping, "moved");
        Pending<LockResponse> interrupted = moved.lock(LOCK);
        awaitWaiters(others.get(0), 1);
        Pending<LockResponse> behind = LockCaller.at(others.get(1), "behind").lock(LOCK);
        awaitWaiters(others.get(0), 2);

        stopping.stop();

        assertThat(interrupted.failure().code()).isIn(ErrorCode.NOT_READY, ErrorCode.CONNECTION_LOST);
        cluster.leader();
        assertThat(waiters(others.get(0))).containsExactly("moved", "behind");
        LockCaller again = moved.movedTo(others.get(1));
        Pending<LockResponse> second = again.lock(LOCK);
        holder.unlock(LOCK, token);
        LockResponse held = second.get();
        assertThat(held.getToken()).isGreaterThan(token);
        assertThat(behind.isDone()).isFalse();
        again.unlock(LOCK, held.getToken());
        assertThat(behind.get().getToken()).isGreaterThan(held.getToken());
    }

    @Test
    void callsThatWaitAreServedAfterAChangeOfLeader() {
        LockCaller holder = LockCaller.at(cluster.leader(), "holder");
        long token = holder.lock(LOCK).get().getToken();
        List<LockCaller> callers = cluster.nodes().stream()
                .map(node -> LockCaller.at(node, "at-" + node.name()))
                .toList();
        List<Pending<LockResponse>> waiting = new java.util.ArrayList<>();
        for (LockCaller caller : callers) {
            waiting.add(caller.lock(LOCK));
            awaitWaiters(cluster.node(0), waiting.size());
        }
        Node target = cluster.follower();
        cluster.handLeadershipTo(target);

        holder.unlock(LOCK, token);
        for (int i = 0; i < callers.size(); i++) {
            LockResponse held = waiting.get(i).get();
            assertThat(held.getToken()).isGreaterThan(token);
            token = held.getToken();
            callers.get(i).unlock(LOCK, token);
        }
    }

    @Test
    void retriedCallAfterAChangeOfLeaderFindsTheLockItWasGranted() {
        LockCaller a = LockCaller.at(cluster.leader(), "a");
        LockRequest.Builder request = a.request(LOCK)
                .setOperation(
                        dev.store.api.v1.OperationId.newBuilder().setClientId(5).setSequence(1));
        long token = a.send(request).get().getToken();
        a.node.stop();

        LockResponse again = a.movedTo(cluster.follower()).send(request).get();

        assertThat(again.getToken()).isEqualTo(token);
        assertThat(waiters(cluster.leader())).isEmpty();
    }

    private static List<String> waiters(Node node) {
        return LockCaller.stub(node)
                .describeLock(DescribeLockRequest.newBuilder().setName(LOCK).build())
                .getWaitersList()
                .stream()
                .map(LockWaiter::getOwner)
                .toList();
    }

    private static void awaitWaiters(Node node, int count) {
        TestCluster.await(count + " wait", () -> waiters(node).size() == count);
    }
}
