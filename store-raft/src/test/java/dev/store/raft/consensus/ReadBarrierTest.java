package dev.store.raft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.raft.Standing;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReadBarrierTest {
    private static final long TERM = 7;
    private static final Quorum THREE = new Quorum(Set.of("n1", "n2", "n3"), Set.of());
    private static final Quorum FIVE = new Quorum(Set.of("n1", "n2", "n3", "n4", "n5"), Set.of());

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private volatile ReadBarrier.@Nullable Lead lead = new ReadBarrier.Lead(TERM, 41, THREE);
    private final ReadBarrier barrier =
            new ReadBarrier("n1", () -> lead, this::ask, timer, Runnable::run, Duration.ofSeconds(1));

    private record Call(String voter, CompletableFuture<Standing> answer) {
        void confirms() {
            answer.complete(new Standing(voter, TERM));
        }
    }

    private CompletableFuture<Standing> ask(String voter) {
        Call call = new Call(voter, new CompletableFuture<>());
        calls.add(call);
        return call.answer;
    }

    private Call call(int number) {
        Cluster.await("call " + number, () -> calls.size() > number);
        return calls.get(number);
    }

    private static ErrorCode failure(CompletableFuture<Long> read) {
        Cluster.await("a failure", read::isCompletedExceptionally);
        return GrpcErrors.fromGrpc(read.handle((index, failure) -> failure).join())
                .code();
    }

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    @Test
    void ofThreeTheAskingFollowerInTheLeadersTermIsProofEnough() {
        assertThat(barrier.readIndex(new Standing("n3", TERM))).isCompletedWithValue(41L);
        assertThat(calls).isEmpty();
    }

    @Test
    void anAskerInAnotherTermProvesNothing() {
        for (long term : new long[] {TERM - 1, TERM + 1}) {
            calls.clear();
            CompletableFuture<Long> read = barrier.readIndex(new Standing("n3", term));

            assertThat(read).isNotDone();
            call(0).confirms();
            assertThat(read).isCompletedWithValue(41L);
        }
    }

    @Test
    void theLeadersOwnReadersNeedAnother() {
        CompletableFuture<Long> read = barrier.readIndex(new Standing("n1", TERM));

        assertThat(read).isNotDone();
        call(0).confirms();
        assertThat(read).isCompletedWithValue(41L);
    }

    @Test
    void anAskerWhoDoesNotVoteProvesNothing() {
        CompletableFuture<Long> read = barrier.readIndex(new Standing("learner", TERM));

        assertThat(read).isNotDone();
        assertThat(calls).hasSize(1);
    }

    @Test
    void ofFiveTheAskerAloneIsNotEnough() {
        lead = new ReadBarrier.Lead(TERM, 41, FIVE);

        CompletableFuture<Long> read = barrier.readIndex(new Standing("n3", TERM));

        assertThat(calls).hasSize(2);
        call(0).confirms();
        assertThat(read).isNotDone();
        call(1).confirms();
        assertThat(read).isCompletedWithValue(41L);
    }

    @Test
    void whileMembersChangeBothMajoritiesMustConfirm() {
        lead = new ReadBarrier.Lead(TERM, 41, new Quorum(Set.of("n1", "n4", "n5"), Set.of("n1", "n2", "n3")));

        CompletableFuture<Long> read = barrier.readIndex(new Standing("n2", TERM));
        assertThat(read).isNotDone();
        calls.stream().filter(call -> THREE.voters().contains(call.voter())).forEach(Call::confirms);
        assertThat(read).isNotDone();

        Cluster.await("a call to a new voter", () -> calls.stream()
                .anyMatch(call -> !THREE.voters().contains(call.voter())));
        calls.stream().filter(call -> !THREE.voters().contains(call.voter())).forEach(Call::confirms);
        Cluster.await("the index", () -> {
            calls.forEach(Call::confirms);
            return read.isDone();
        });
        assertThat(read).isCompletedWithValue(41L);
    }

    @Test
    void aReaderWhoComesWhileVotersAreAskedIsNotServedByTheirAnswers() {
        CompletableFuture<Long> first = barrier.prove();
        CompletableFuture<Long> second = barrier.prove();
        lead = new ReadBarrier.Lead(TERM, 42, THREE);

        call(0).confirms();
        assertThat(first).isCompletedWithValue(41L);
        assertThat(second).isNotDone();

        call(1).confirms();
        assertThat(second).isCompletedWithValue(42L);
    }

    @Test
    void aVoterThatDoesNotAnswerIsNotWaitedForWhereAnotherConfirms() {
        CompletableFuture<Long> read = barrier.prove();

        Call silent = call(0);
        Call other = call(1);
        assertThat(other.voter()).isNotEqualTo(silent.voter());
        other.confirms();
        assertThat(read).isCompletedWithValue(41L);

        // The next reader does not wait for the silent one at all.
        CompletableFuture<Long> next = barrier.prove();
        assertThat(call(2).voter()).isEqualTo(other.voter());
        call(2).confirms();
        assertThat(next).isCompletedWithValue(41L);
    }

    @Test
    void aVoterThatFailedIsAskedAgainUntilItConfirms() {
        CompletableFuture<Long> read = barrier.prove();
        StoreException gone = new StoreException(ErrorCode.UNREACHABLE, "gone");
        call(0).answer().completeExceptionally(gone);
        call(1).answer().completeExceptionally(gone);
        call(2).answer().completeExceptionally(gone);

        call(3).confirms();

        assertThat(read).isCompletedWithValue(41L);
    }

    @Test
    void anAnswerUnderAnotherNameOrOfALaterTermProvesNothing() {
        CompletableFuture<Long> read = barrier.prove();
        call(0).answer().complete(new Standing("stranger", TERM));
        call(1).answer().complete(new Standing(call(1).voter(), TERM + 1));

        assertThat(read).isNotDone();
        call(2).confirms();
        assertThat(read).isCompletedWithValue(41L);
    }

    @Test
    void aLateAnswerToAnEarlierRoundProvesNothingForALaterOne() {
        CompletableFuture<Long> first = barrier.prove();
        Call late = call(0);
        call(1).confirms();
        assertThat(first).isCompletedWithValue(41L);
        CompletableFuture<Long> second = barrier.prove();

        late.confirms();

        assertThat(second).isNotDone();
    }

    @Test
    void whoDoesNotLeadSaysSoAtOnce() {
        lead = null;

        assertThat(failure(barrier.prove())).isEqualTo(ErrorCode.NO_LEADER);
        assertThat(failure(barrier.readIndex(new Standing("n2", TERM)))).isEqualTo(ErrorCode.NO_LEADER);
        assertThat(calls).isEmpty();
    }

    @Test
    void withoutAMajorityReadersAreRefusedInTheEnd() {
        CompletableFuture<Long> read = barrier.prove();

        assertThat(failure(read)).isEqualTo(ErrorCode.NO_LEADER);
    }

    @Test
    void lossOfLeadershipRefusesAllWhoWait() {
        CompletableFuture<Long> first = barrier.prove();
        CompletableFuture<Long> second = barrier.prove();

        barrier.fail();

        assertThat(failure(first)).isEqualTo(ErrorCode.NO_LEADER);
        assertThat(failure(second)).isEqualTo(ErrorCode.NO_LEADER);
    }

    @Test
    void aSingleVoterNeedsNobody() {
        lead = new ReadBarrier.Lead(TERM, 5, new Quorum(Set.of("n1"), Set.of()));

        assertThat(barrier.prove()).isCompletedWithValue(5L);
        assertThat(calls).isEmpty();
    }
}
