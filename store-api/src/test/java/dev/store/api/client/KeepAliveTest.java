package dev.store.api.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.api.v1.LeaseKeepAliveRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Leases are renewed in time, together, through failures, and their loss is told. */
@Timeout(60)
class KeepAliveTest {
    private final FakeLeaseService.State state = new FakeLeaseService.State();
    private final FakeLeaseService first = new FakeLeaseService(state);
    private final FakeLeaseService second = new FakeLeaseService(state);
    private FakeMember one;
    private FakeMember two;
    private StoreClient client;

    @BeforeEach
    void start() throws IOException {
        FakeStore store = new FakeStore();
        one = FakeMember.start(store, 1, first);
        two = FakeMember.start(store, 2, second);
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

    @Test
    void manyLeasesAreRenewedInOneMessageOnOneStream() throws Exception {
        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            leases.add(client.leases().open(Duration.ofSeconds(6)).join());
        }

        first.await(() -> first.messages().stream()
                        .mapToInt(LeaseKeepAliveRequest::getLeaseIdsCount)
                        .sum()
                >= 400);

        assertThat(first.opened()).isEqualTo(1);
        assertThat(first.messages()).hasSizeLessThan(60);
        assertThat(state.missed()).isEmpty();
        assertThat(leases).allMatch(lease -> lease.remaining().compareTo(Duration.ofSeconds(2)) > 0);
    }

    @Test
    void eachNamespaceHasMessagesOfItsOwn() throws Exception {
        client.leases().open(Duration.ofSeconds(3)).join();
        client.namespace("payments").leases().open(Duration.ofSeconds(3)).join();

        first.await(() -> first.messages().size() >= 4);

        assertThat(first.messages())
                .extracting(LeaseKeepAliveRequest::getNamespace)
                .contains("", "payments");
        assertThat(first.messages()).allMatch(message -> message.getLeaseIdsCount() == 1);
    }

    @Test
    void aBrokenStreamIsReplacedBeforeALeaseCanEnd() throws Exception {
        Lease lease = client.leases().open(Duration.ofSeconds(6)).join();
        first.await(() -> first.messages().size() == 1);

        first.breakAll();
        second.await(() -> second.messages().size() >= 2);

        assertThat(state.missed()).isEmpty();
        assertThat(lease.lost()).isNotDone();
    }

    @Test
    void aMemberThatDoesNotAnswerIsLeftInTime() throws Exception {
        first.silent(true);

        Lease lease = client.leases().open(Duration.ofSeconds(6)).join();
        second.await(() -> second.messages().size() >= 2);

        assertThat(state.missed()).isEmpty();
        assertThat(lease.lost()).isNotDone();
    }

    @Test
    void aLeaseThatTheClusterEndedIsLost() throws Exception {
        Lease lease = client.leases().open(Duration.ofSeconds(1)).join();
        state.remove(lease.id());

        StoreException cause = lease.lost().get(10, TimeUnit.SECONDS);

        assertThat(cause.code()).isEqualTo(ErrorCode.LEASE_NOT_FOUND);
        assertThat(lease.remaining()).isZero();
    }

    @Test
    void aLeaseThatNobodyAcknowledgesIsLostWhenItsTimeIsOver() throws Exception {
        first.silent(true);
        second.silent(true);
        Lease lease = client.leases().open(Duration.ofSeconds(1)).join();

        StoreException cause = lease.lost().get(10, TimeUnit.SECONDS);

        assertThat(cause).hasMessageContaining("may have ended");
        assertThat(lease.remaining()).isZero();
    }

    @Test
    void aLeaseMadeElsewhereCanBeKeptAlive() throws Exception {
        long id = client.leases().grant(Duration.ofSeconds(3)).join().id();

        Lease lease = client.leases().keepAlive(id).join();
        first.await(() -> first.messages().size() >= 3);

        assertThat(lease.ttl()).isEqualTo(Duration.ofSeconds(3));
        assertThat(lease.lost()).isNotDone();
    }

    @Test
    void keepingAliveALeaseThatDoesNotExistFails() {
        Throwable failure = catchThrowable(() -> client.leases().keepAlive(4711).join());

        assertThat(GrpcErrors.fromGrpc(failure).code()).isEqualTo(ErrorCode.LEASE_NOT_FOUND);
    }

    @Test
    void closingALeaseRevokesItAndTheLastOneEndsTheStream() throws Exception {
        Lease lease = client.leases().open(Duration.ofSeconds(3)).join();
        first.await(() -> first.messages().size() >= 1);

        lease.close();

        assertThat(state.exists(lease.id())).isFalse();
        first.await(() -> first.open() == 0);
        assertThat(lease.lost()).isNotDone();
    }

    @Test
    void aLeaseThatIsLetGoIsNotRenewedAndNotRevoked() throws Exception {
        Lease lease = client.leases().open(Duration.ofSeconds(3)).join();
        first.await(() -> first.messages().size() >= 1);

        lease.letGo();

        first.await(() -> first.open() == 0);
        assertThat(state.exists(lease.id())).isTrue();
    }

    @Test
    void closingTheClientLosesItsLeases() throws Exception {
        Lease lease = client.leases().open(Duration.ofSeconds(10)).join();

        client.close();

        assertThat(lease.lost().get(10, TimeUnit.SECONDS).code()).isEqualTo(ErrorCode.CANCELED);
    }
}
