package dev.store.api.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.api.v1.PutRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** For each error code: what is sent again, and how often it then takes effect. */
@Timeout(60)
class RetrySafetyTest {
    private final FakeStore store = new FakeStore();
    private FakeMember one;
    private FakeMember two;
    private StoreClient client;

    @BeforeEach
    void start() throws IOException {
        one = FakeMember.start(store, 1);
        two = FakeMember.start(store, 2);
        client = StoreClient.builder()
                .endpoints(List.of(one.endpoint(), two.endpoint()))
                .timeout(Duration.ofSeconds(30))
                .inOrder()
                .build();
    }

    @AfterEach
    void stop() throws InterruptedException {
        client.close();
        one.close();
        two.close();
    }

    /** Ends with the first member preferred, so that no attempt spends its time on dialing. */
    private void connectToBoth() {
        client.kv().get("a").join();
        one.next(FakeMember.Fault.REFUSE, ErrorCode.OUTCOME_UNKNOWN);
        client.kv().get("a").join();
        two.next(FakeMember.Fault.REFUSE, ErrorCode.OUTCOME_UNKNOWN);
        assertThat(client.kv().get("a").join().header().memberId()).isEqualTo(1);
    }

    private int attempts() {
        return one.requests().size() + two.requests().size();
    }

    private static ErrorCode failure(CompletableFuture<?> future) {
        return GrpcErrors.fromGrpc(catchThrowable(future::join)).code();
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void aReadIsSentAgainIfItMaySucceedThen(ErrorCode code) {
        one.next(FakeMember.Fault.REFUSE, code);

        CompletableFuture<GetAnswer> get = client.kv().get("a");

        if (code.retryable()) {
            assertThat(get.join().revision()).isEqualTo(1);
            assertThat(attempts()).isEqualTo(2);
        } else {
            assertThat(failure(get)).isEqualTo(code);
            assertThat(attempts()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void aNumberedPutTakesEffectOnceHoweverItsFirstAttemptFails(ErrorCode code) {
        one.next(FakeMember.Fault.APPLY_THEN_FAIL, code);

        CompletableFuture<PutAnswer> put = client.kv().put("a", "1");

        if (code.retryable()) {
            assertThat(put.join().revision()).isEqualTo(2);
            assertThat(attempts()).isEqualTo(2);
        } else {
            assertThat(failure(put)).isEqualTo(code);
            assertThat(attempts()).isEqualTo(1);
        }
        assertThat(store.applied()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void aPutWithoutNumberIsSentAgainOnlyIfNothingCanHaveChanged(ErrorCode code) {
        boolean nothingChanged = code.outcome() == ErrorCode.Outcome.DEFINITE;
        one.next(nothingChanged ? FakeMember.Fault.REFUSE : FakeMember.Fault.APPLY_THEN_FAIL, code);

        CompletableFuture<PutAnswer> put = client.kv().exactlyOnce(false).put("a", "1");

        if (code.retryable() && nothingChanged) {
            assertThat(put.join().revision()).isEqualTo(2);
            assertThat(store.applied()).isEqualTo(1);
        } else {
            assertThat(failure(put)).isEqualTo(code);
            assertThat(attempts()).isEqualTo(1);
            assertThat(store.applied()).isEqualTo(nothingChanged ? 0 : 1);
        }
        assertThat(((PutRequest) one.requests().get(0)).hasOperation()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void anErrorAfterALostAttemptIsNeverTakenAsProofThatNothingChanged(ErrorCode code) {
        connectToBoth();
        one.next(FakeMember.Fault.APPLY_THEN_DROP, code);
        two.always(FakeMember.Fault.REFUSE, code);

        CompletableFuture<PutAnswer> put = client.timeout(
                        code.retryable() ? Duration.ofMillis(800) : Duration.ofSeconds(20))
                .kv()
                .put("a", "1");

        StoreException error = GrpcErrors.fromGrpc(catchThrowable(put::join));
        boolean answersTheOperation = List.of(
                        ErrorCode.INVALID_ARGUMENT,
                        ErrorCode.DUPLICATE_KEY,
                        ErrorCode.TOO_LARGE,
                        ErrorCode.RESULT_TOO_LARGE,
                        ErrorCode.KEY_NOT_FOUND,
                        ErrorCode.LEASE_NOT_FOUND,
                        ErrorCode.LEASE_EXISTS,
                        ErrorCode.LOCK_NOT_HELD,
                        ErrorCode.LOCK_MISMATCH,
                        ErrorCode.LATCH_NOT_FOUND,
                        ErrorCode.LATCH_EXISTS,
                        ErrorCode.COMPACTED,
                        ErrorCode.FUTURE_REVISION,
                        ErrorCode.ALREADY_APPLIED)
                .contains(code);
        if (answersTheOperation) {
            assertThat(error.code()).isEqualTo(code);
        } else {
            assertThat(error.code().outcome()).as("%s", error).isEqualTo(ErrorCode.Outcome.UNKNOWN);
        }
    }
}
