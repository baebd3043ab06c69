package dev.store.api.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.api.v1.GetRequest;
import dev.store.api.v1.MembersRequest;
import dev.store.api.v1.PutRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls go on to the next member, within their time, and never go back in time. */
@Timeout(60)
class FailoverTest {
    private final FakeStore store = new FakeStore();
    private FakeMember one;
    private FakeMember two;
    private FakeMember three;
    private StoreClient client;

    @BeforeEach
    void start() throws IOException {
        one = FakeMember.start(store, 1);
        two = FakeMember.start(store, 2);
        three = FakeMember.start(store, 3);
        client = builder().build();
    }

    @AfterEach
    void stop() throws InterruptedException {
        client.close();
        one.close();
        two.close();
        three.close();
    }

    private StoreClientBuilder builder() {
        return StoreClient.builder()
                .endpoints(List.of(one.endpoint(), two.endpoint(), three.endpoint()))
                .timeout(Duration.ofSeconds(30))
                .inOrder();
    }

    private static StoreException failure(CompletableFuture<?> future) {
        return GrpcErrors.fromGrpc(catchThrowable(future::join));
    }

    @Test
    void putsAndGetsThroughARealSocket() {
        long revision = client.kv().put("a", "1").join().revision();

        GetAnswer answer = client.kv().get("a").join();

        assertThat(answer.utf8()).contains("1");
        assertThat(answer.revision()).isEqualTo(revision);
        assertThat(answer.header().memberId()).isEqualTo(1);
        assertThat(client.lastRevision()).isEqualTo(revision);
    }

    @Test
    void anUnreachableMemberIsSkippedAndTheNextOneIsKept() throws InterruptedException {
        one.stop();

        assertThat(client.kv().put("a", "1").join().header().memberId()).isEqualTo(2);
        assertThat(client.kv().put("a", "2").join().header().memberId()).isEqualTo(2);
        assertThat(two.requests()).hasSize(2);
    }

    @Test
    void aMemberWithoutLeaderIsLeftForAnother() {
        one.next(FakeMember.Fault.REFUSE, ErrorCode.NO_LEADER);
        two.next(FakeMember.Fault.REFUSE, ErrorCode.NOT_READY);

        assertThat(client.kv().get("a").join().header().memberId()).isEqualTo(3);
        assertThat(client.kv().get("a").join().header().memberId()).isEqualTo(3);
    }

    @Test
    void callsGoOnWhileNobodyLeadsUntilSomebodyDoes() {
        for (FakeMember member : List.of(one, two, three)) {
            member.next(FakeMember.Fault.REFUSE, ErrorCode.NO_LEADER);
            member.next(FakeMember.Fault.REFUSE, ErrorCode.NO_LEADER);
        }

        assertThat(client.kv().put("a", "1").join().revision()).isEqualTo(2);
        assertThat(store.applied()).isEqualTo(1);
    }

    @Test
    void aRestartedMemberIsDialedAgainAtOnce() throws Exception {
        try (StoreClient single = StoreClient.connect(one.endpoint()).timeout(Duration.ofSeconds(20))) {
            single.kv().put("a", "1").join();
            one.stop();
            CompletableFuture<PutAnswer> put = single.kv().put("a", "2");
            one.startAgain();

            assertThat(put.join().header().memberId()).isEqualTo(1);
        }
    }

    @Test
    void aHangingMemberCostsAPartOfTheTimeAndThenTheNextAnswers() {
        one.always(FakeMember.Fault.HANG, ErrorCode.INTERNAL);

        PutAnswer answer =
                client.timeout(Duration.ofSeconds(10)).kv().put("a", "1").join();

        assertThat(answer.header().memberId()).isEqualTo(2);
        assertThat(store.applied()).isEqualTo(1);
    }

    @Test
    void theDeadlineHoldsWhateverTheMembersDo() {
        for (FakeMember member : List.of(one, two, three)) {
            member.always(FakeMember.Fault.REFUSE, ErrorCode.NO_LEADER);
        }
        long start = System.nanoTime();

        StoreException error =
                failure(client.timeout(Duration.ofMillis(600)).kv().put("a", "1"));

        // On a busy machine the last attempt may be cut by the deadline itself: the error tells all the same.
        assertThat(error.code() + ": " + error.getMessage())
                .contains(ErrorCode.NO_LEADER.name())
                .contains("scripted by member")
                .contains("attempts");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aCallWhoseTimeIsOverTellsWhatTheMembersSaidBefore() {
        for (FakeMember member : List.of(one, two, three)) {
            member.next(FakeMember.Fault.REFUSE, ErrorCode.NO_LEADER);
            member.always(FakeMember.Fault.HANG, ErrorCode.INTERNAL);
        }

        StoreException error =
                failure(client.timeout(Duration.ofMillis(1200)).kv().put("a", "1"));

        assertThat(error.code().outcome()).isEqualTo(ErrorCode.Outcome.UNKNOWN);
        assertThat(error).hasMessageContaining("attempts").hasMessageContaining("NO_LEADER");
    }

    @Test
    void whenNobodyAnswersAPutsOutcomeIsUnknown() {
        for (FakeMember member : List.of(one, two, three)) {
            member.always(FakeMember.Fault.HANG, ErrorCode.INTERNAL);
        }

        StoreException error =
                failure(client.timeout(Duration.ofMillis(1200)).kv().put("a", "1"));

        assertThat(error.code().outcome()).isEqualTo(ErrorCode.Outcome.UNKNOWN);
    }

    @Test
    void withFailFastAnUnreachableClusterFailsAtOnceAndDefinitely() throws InterruptedException {
        try (StoreClient fast =
                builder().failFast().timeout(Duration.ofMinutes(5)).build()) {
            one.stop();
            two.stop();
            three.stop();

            StoreException error = failure(fast.kv().put("a", "1"));

            assertThat(error.code()).isEqualTo(ErrorCode.UNREACHABLE);
            assertThat(error).hasMessageContaining("127.0.0.1:");
        }
    }

    @Test
    void serializableReadsNeverGoBackBehindWhatWasSeen() {
        long revision = client.kv().put("a", "1").join().revision();
        one.always(FakeMember.Fault.REFUSE, ErrorCode.NOT_READY);
        two.reached(revision - 1);

        GetAnswer answer = client.kv().serializable().get("a").join();

        assertThat(answer.header().memberId()).isEqualTo(3);
        assertThat(answer.utf8()).contains("1");
    }

    @Test
    void withoutReadYourWritesSerializableReadsAskForNoFloor() {
        try (StoreClient loose = builder().readYourWrites(false).build()) {
            loose.kv().put("a", "1").join();
            loose.kv().serializable().get("a").join();

            GetRequest request = (GetRequest) one.requests().get(1);
            assertThat(request.getRead().getAtLeastRevision()).isZero();
        }
    }

    @Test
    void whatWasSeenOfOneNamespaceIsNoFloorForAnother() {
        client.kv().put("a", "1").join();

        client.namespace("payments").kv().serializable().get("a").join();

        GetRequest request = (GetRequest) one.requests().get(1);
        assertThat(request.getNamespace()).isEqualTo("payments");
        assertThat(request.getRead().getAtLeastRevision()).isZero();
        assertThat(client.namespace("default").lastRevision()).isEqualTo(client.lastRevision());
    }

    @Test
    void endpointsAreTakenFromTheMembers() {
        one.members(List.of(two.endpoint(), three.endpoint()));

        assertThat(client.cluster().refreshEndpoints().join()).containsExactly(two.endpoint(), three.endpoint());

        assertThat(client.kv().get("a").join().header().memberId()).isEqualTo(2);
        assertThat(one.requests()).hasOnlyElementsOfType(MembersRequest.class);
    }

    @Test
    void aCanceledCallGivesItsNumberBack() throws InterruptedException {
        one.always(FakeMember.Fault.HANG, ErrorCode.INTERNAL);
        CompletableFuture<PutAnswer> put = client.kv().put("a", "1");
        one.awaitRequests(1);

        assertThat(put.cancel(true)).isTrue();
        assertThat(put).isCancelled();
        one.always(FakeMember.Fault.REFUSE, ErrorCode.NO_LEADER);
        client.kv().put("b", "1").join();
        client.kv().put("c", "1").join();
        PutRequest last = (PutRequest) two.requests().get(1);
        assertThat(last.getOperation().getSequence()).isEqualTo(3);
        assertThat(last.getOperation().getAcknowledgedBelow()).isEqualTo(3);
    }

    @Test
    void aClosedClientFailsItsCalls() throws InterruptedException {
        one.always(FakeMember.Fault.HANG, ErrorCode.INTERNAL);
        CompletableFuture<PutAnswer> hanging = client.kv().put("a", "1");
        one.awaitRequests(1);

        client.close();

        assertThat(failure(hanging).code().outcome()).isEqualTo(ErrorCode.Outcome.UNKNOWN);
        assertThat(failure(client.kv().get("a")).code()).isEqualTo(ErrorCode.CANCELED);
    }
}
