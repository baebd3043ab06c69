package dev.store.raft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.raft.v1.KeepAliveReply;
import dev.store.raft.v1.RenewedLease;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SharedKeepAlivesTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final SharedKeepAlives keepAlives = overtakenAfter(Duration.ofHours(1));

    private SharedKeepAlives overtakenAfter(Duration overtakenAfter) {
        return new SharedKeepAlives(
                (namespace, leaseIds) -> {
                    Call call = new Call(namespace, leaseIds, new CompletableFuture<>());
                    calls.add(call);
                    return call.reply();
                },
                timer,
                overtakenAfter);
    }

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    @Test
    void theFirstOnesGoAtOnceAndThoseWhoComeMeanwhileShareTheNextCall() {
        CompletableFuture<KeepAliveReply> first = keepAlives.keepAlive("a", List.of(1L));
        send(keepAlives, "a", List.of(2L));
        CompletableFuture<KeepAliveReply> third = keepAlives.keepAlive("a", List.of(3L, 4L));
        CompletableFuture<KeepAliveReply> fourth = keepAlives.keepAlive("a", List.of(5L));
        assertThat(calls).extracting(Call::leaseIds).containsExactly(List.of(1L), List.of(2L));

        calls.get(0).succeed();

        assertThat(leases(first)).containsExactly(1L);
        assertThat(third).isNotDone();
        assertThat(calls).hasSize(3);
        assertThat(calls.get(2).leaseIds()).containsExactly(3L, 4L, 5L);
        calls.get(2).succeed();
        assertThat(leases(third)).containsExactly(3L, 4L);
        assertThat(leases(fourth)).containsExactly(5L);
    }

    @Test
    void eachNamespaceHasItsOwnCallsInTurns() {
        busy();
        send(keepAlives, "b", List.of(1L));
        send(keepAlives, "c", List.of(2L));
        send(keepAlives, "b", List.of(3L));

        calls.get(0).succeed();
        calls.get(1).succeed();

        assertThat(calls.subList(2, 4)).extracting(Call::namespace).containsExactly("b", "c");
        assertThat(calls.get(2).leaseIds()).containsExactly(1L, 3L);
    }

    @Test
    void noCallNamesMoreLeasesThanOneMay() {
        busy();
        send(keepAlives, "a", ids(Limits.KEEPALIVE_LEASES - 1));
        CompletableFuture<KeepAliveReply> second = keepAlives.keepAlive("a", ids(2));

        calls.get(0).succeed();
        calls.get(1).succeed();

        assertThat(calls.get(2).leaseIds()).hasSize(Limits.KEEPALIVE_LEASES - 1);
        assertThat(calls.get(3).leaseIds()).hasSize(2);
        calls.get(3).succeed();
        assertThat(leases(second)).hasSize(2);
    }

    @Test
    void aFailureIsToldToThoseOfTheCallAndToNobodyElse() {
        busy();
        CompletableFuture<KeepAliveReply> one = keepAlives.keepAlive("a", List.of(1L));
        CompletableFuture<KeepAliveReply> other = keepAlives.keepAlive("a", List.of(2L));
        calls.get(0).succeed();
        CompletableFuture<KeepAliveReply> next = keepAlives.keepAlive("a", List.of(3L));

        calls.get(2).reply().completeExceptionally(new StoreException(ErrorCode.NO_LEADER, "no leader: it is gone"));
        calls.get(3).succeed();

        assertThat(one).isCompletedExceptionally();
        assertThat(other).isCompletedExceptionally();
        assertThat(leases(next)).containsExactly(3L);
    }

    @Test
    void aLeaderThatDoesNotAnswerHoldsBackNobodyForLong() {
        SharedKeepAlives hasty = overtakenAfter(Duration.ofMillis(1));
        send(hasty, "a", List.of(1L));
        send(hasty, "a", List.of(2L));
        CompletableFuture<KeepAliveReply> waiting = hasty.keepAlive("a", List.of(3L));

        Cluster.await("the call behind the two", () -> calls.size() == 3);
        calls.get(2).succeed();
        assertThat(leases(waiting)).containsExactly(3L);
    }

    private static void send(SharedKeepAlives keepAlives, String namespace, List<Long> leaseIds) {
        var unused = keepAlives.keepAlive(namespace, leaseIds);
    }

    private void busy() {
        for (int i = 0; i < SharedKeepAlives.CALLS_UNDER_WAY; i++) {
            send(keepAlives, "busy", List.of(100L + i));
        }
    }

    private static List<Long> ids(int count) {
        return LongStream.rangeClosed(1, count).boxed().toList();
    }

    private static List<Long> leases(CompletableFuture<KeepAliveReply> reply) {
        assertThat(reply).isCompleted();
        return reply.join().getLeasesList().stream()
                .map(RenewedLease::getLeaseId)
                .toList();
    }

    private record Call(String namespace, List<Long> leaseIds, CompletableFuture<KeepAliveReply> reply) {
        void succeed() {
            KeepAliveReply.Builder result = KeepAliveReply.newBuilder().setRevision(7);
            leaseIds.forEach(id -> result.addLeases(RenewedLease.newBuilder().setLeaseId(id)));
            reply.complete(result.build());
        }
    }
}
