package dev.store.raft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FreshReadsTest {
    private static final Duration PATIENT = Duration.ofSeconds(20);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AppliedIndex applied = new AppliedIndex(timer, Runnable::run);
    private final List<CompletableFuture<Long>> calls = new CopyOnWriteArrayList<>();
    private final FreshReads reads = reads(Duration.ofHours(1));

    private FreshReads reads(Duration overtakenAfter) {
        return new FreshReads(this::call, applied, timer, overtakenAfter);
    }

    private CompletableFuture<Long> call() {
        CompletableFuture<Long> call = new CompletableFuture<>();
        calls.add(call);
        return call;
    }

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    @Test
    void readersWhoComeWhileACallIsUnderWayShareTheNextOneAndNotThisOne() {
        applied.advance(10, 10);
        CompletableFuture<Void> first = reads.await(PATIENT);
        List<CompletableFuture<Void>> later =
                IntStream.range(0, 100).mapToObj(i -> reads.await(PATIENT)).toList();

        calls.get(0).complete(3L);
        assertThat(first).isCompleted();
        assertThat(later).noneMatch(CompletableFuture::isDone);
        assertThat(calls).hasSize(2);

        calls.get(1).complete(4L);
        assertThat(later).allMatch(CompletableFuture::isDone);
        assertThat(calls).hasSize(2);
    }

    @Test
    void aReaderWaitsUntilTheIndexIsApplied() {
        CompletableFuture<Void> reader = reads.await(PATIENT);
        calls.get(0).complete(3L);
        assertThat(reader).isNotDone();
        applied.advance(3, 1);
        reader.join();
    }

    @Test
    void aFailureIsSharedByNobodyWhoStillHasPatience() {
        applied.advance(10, 10);
        CompletableFuture<Void> patient = reads.await(PATIENT);
        calls.get(0).completeExceptionally(noLeader());
        CompletableFuture<Void> newcomer = reads.await(PATIENT);
        CompletableFuture<Void> impatient = reads.await(Duration.ofMillis(1));
        Cluster.await("another call", () -> calls.size() == 2);
        calls.get(1).completeExceptionally(noLeader());
        Cluster.await("yet another call", () -> calls.size() == 3);
        assertThat(impatient).isCompletedExceptionally();
        assertThat(impatient
                        .handle((ok, failure) -> ((StoreException) failure).code())
                        .join())
                .isEqualTo(ErrorCode.NO_LEADER);
        assertThat(patient).isNotDone();

        calls.get(2).complete(1L);
        patient.join();
        newcomer.join();
    }

    @Test
    void anErrorThatWillNotPassIsToldAtOnce() {
        CompletableFuture<Void> reader = reads.await(PATIENT);
        CompletableFuture<Void> later = reads.await(PATIENT);
        calls.get(0).completeExceptionally(new StoreException(ErrorCode.NOT_READY, "stopping"));
        assertThat(reader).isCompletedExceptionally();
        assertThat(later).isNotDone();
        assertThat(calls).hasSize(2);
    }

    @Test
    void aLeaderThatDoesNotAnswerHoldsNobodyUp() {
        applied.advance(10, 10);
        FreshReads hasty = reads(Duration.ofMillis(20));
        CompletableFuture<Void> first = hasty.await(PATIENT);
        CompletableFuture<Void> second = hasty.await(PATIENT);
        Cluster.await("a call that overtakes", () -> calls.size() >= 2);

        calls.get(1).complete(1L);
        first.join();
        second.join();
        calls.get(0).completeExceptionally(noLeader());

        // Whatever else was overtaken meanwhile, who comes now is served by a call that is sent now or later.
        CompletableFuture<Void> third = hasty.await(PATIENT);
        Cluster.await("the third reader", () -> {
            calls.get(calls.size() - 1).complete(1L);
            return third.isDone();
        });
        third.join();
    }

    private static StoreException noLeader() {
        return new StoreException(ErrorCode.NO_LEADER, "no leader");
    }
}
