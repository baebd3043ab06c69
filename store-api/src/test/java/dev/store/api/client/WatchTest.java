package dev.store.api.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.v1.WatchCreate;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a watch does beside resuming: sharing a stream, slow listeners, compaction, and its end. */
@Timeout(60)
class WatchTest {
    private final FakeHistory history = new FakeHistory();
    private final FakeWatchService first = new FakeWatchService(history);
    private final FakeWatchService second = new FakeWatchService(history);
    private final WatchRecorder recorder = new WatchRecorder();
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
                .inOrder()
                .build();
        for (int i = 0; i < 5; i++) {
            history.append(2);
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        client.close();
        one.close();
        two.close();
    }

    @Test
    void manyWatchesShareOneStream() throws Exception {
        for (int i = 0; i < 100; i++) {
            client.watch().key("k" + i).from(2).start(events -> {});
        }
        first.awaitCreates(100);

        assertThat(first.openStreams()).isEqualTo(1);
        assertThat(second.openStreams()).isZero();
    }

    @Test
    void aWatchFromNowDoesNotStartLaterWhenItsStreamBreaksBeforeTheFirstEvent() throws Exception {
        client.watch().prefix("").start(recorder);
        recorder.await(() -> recorder.told.contains("created 7"));
        first.breakAll();
        recorder.await(() -> recorder.interruptions == 1);
        history.append(3);

        recorder.awaitRevision(7);

        assertThat(recorder.events).isEqualTo(history.idsFrom(7));
        assertThat(second.creates().get(0).getStartRevision()).isEqualTo(7);
        assertThat(client.lastRevision()).isEqualTo(7);
    }

    @Test
    void progressMovesThePointFromWhichAWatchIsResumed() throws Exception {
        client.watch().prefix("").from(100).start(recorder);
        for (int i = 0; i < 200; i++) {
            history.append(1);
        }
        recorder.awaitRevision(history.revision());
        client.watch().prefix("").start(events -> {});
        first.awaitCreates(2);
        first.progress();
        recorder.await(() -> recorder.told.contains("progress " + history.revision()));

        first.breakAll();
        second.awaitCreates(2);

        assertThat(second.creates()).extracting(WatchCreate::getStartRevision).containsOnly(history.revision() + 1);
    }

    @Test
    void aWatchBelowTheCompactionRevisionClosesWithThatRevision() throws Exception {
        history.compact(5);

        Watch watch = client.watch().prefix("").from(3).start(recorder);
        recorder.await(() -> recorder.closed);

        assertThat(recorder.cause).isNotNull();
        assertThat(recorder.cause.code()).isEqualTo(ErrorCode.COMPACTED);
        assertThat(recorder.cause.details()).containsEntry("compact_revision", "5");
        assertThat(GrpcErrors.fromGrpc(catchThrowable(watch.closed()::join)).code())
                .isEqualTo(ErrorCode.COMPACTED);
    }

    @Test
    void compactedDuringAnInterruptionStartsOver() throws Exception {
        client.watch().prefix("").from(2).resnapshotWhenCompacted().start(recorder);
        recorder.awaitRevision(6);
        history.compact(8);
        first.breakAll();

        recorder.await(() -> recorder.snapshotRevision == 6);

        assertThat(recorder.snapshotsStarted).isEqualTo(1);
        assertThat(recorder.snapshot).hasSameSizeAs(history.stateAt(6));
    }

    @Test
    void aMemberThatCannotServeAWatchIsLeftForAnother() throws Exception {
        first.refuse(1, "NO_LEADER");

        client.watch().prefix("").from(2).start(recorder);
        recorder.awaitRevision(6);

        assertThat(recorder.events).isEqualTo(history.idsFrom(2));
        assertThat(second.creates()).hasSize(1);
    }

    @Test
    void aWatchThatIsWrongClosesWithItsError() throws Exception {
        first.refuse(1, "INVALID_ARGUMENT");

        client.watch().prefix("").from(2).start(recorder);
        recorder.await(() -> recorder.closed);

        assertThat(recorder.cause).isNotNull();
        assertThat(recorder.cause.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void closingEndsTheWatchOnTheMemberAndTheStreamWithTheLastOne() throws Exception {
        Watch other = client.watch().prefix("").from(100).start(events -> {});
        Watch watch = client.watch().prefix("").from(2).start(recorder);
        recorder.awaitRevision(6);

        watch.close();
        watch.closed().join();

        assertThat(recorder.closed).isTrue();
        assertThat(recorder.cause).isNull();
        // The member is told of it before the stream ends: the end of a stream overtakes what is on its way in it.
        while (first.cancels() == 0) {
            Thread.onSpinWait();
        }
        other.close();
        other.closed().join();
        while (first.openStreams() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aListenerThatThrowsEndsItsWatch() throws Exception {
        Watch watch = client.watch().prefix("").from(2).start(events -> {
            throw new IllegalStateException("listener");
        });

        Throwable failure = catchThrowable(watch.closed()::join);

        assertThat(GrpcErrors.fromGrpc(failure).code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(failure).hasRootCauseMessage("listener");
    }

    @Test
    void aListenerThatDoesNotGoOnHoldsLittleAndDoesNotHoldUpItsNeighbours() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch all = new CountDownLatch(1);
        List<Long> slow = new CopyOnWriteArrayList<>();
        long last = history.revision() + 2000;
        client.watch().prefix("").from(2).start(events -> {
            try {
                goOn.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            for (WatchEvent event : events.events()) {
                slow.add(event.revision());
            }
            if (events.revision() == last) {
                all.countDown();
            }
        });
        first.awaitCreates(1);
        client.watch().prefix("").from(2).start(recorder);
        for (int i = 0; i < 2000; i++) {
            history.append(1);
        }

        recorder.awaitRevision(last);

        assertThat(recorder.events).isEqualTo(history.idsFrom(2));
        assertThat(slow).isEmpty();
        goOn.countDown();
        assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(slow).hasSameSizeAs(history.idsFrom(2)).isSorted();
    }

    @Test
    void aStoppedListenerStopsTheMember() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        byte[] big = new byte[64 * 1024];
        WatchRecorder slow = new WatchRecorder();
        client.watch().prefix("").from(7).start(new WatchListener() {
            @Override
            public void onEvents(WatchEvents events) {
                try {
                    goOn.await(30, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                slow.onEvents(events);
            }
        });
        first.awaitCreates(1);
        int before = first.sent();
        for (int i = 0; i < 500; i++) {
            history.appendValue(big);
        }

        // Its window, what the transport buffers, and what it was sent at once: far from all.
        assertThat(first.sent() - before).isLessThan(200);
        goOn.countDown();
        slow.awaitRevision(history.revision());
        assertThat(slow.events).hasSize(500);
    }

    @Test
    void withFailFastAWatchOfAnUnreachableClusterCloses() throws Exception {
        one.stop();
        two.stop();
        try (StoreClient fast = StoreClient.builder()
                .endpoints(List.of(one.endpoint(), two.endpoint()))
                .failFast()
                .build()) {
            fast.watch().prefix("").start(recorder);
            recorder.await(() -> recorder.closed);

            assertThat(recorder.cause).isNotNull();
            assertThat(recorder.cause.code()).isEqualTo(ErrorCode.UNREACHABLE);
        }
    }

    @Test
    void closingTheClientEndsItsWatches() throws Exception {
        client.watch().prefix("").from(2).start(recorder);
        recorder.awaitRevision(6);

        client.close();
        recorder.await(() -> recorder.closed);

        assertThat(recorder.cause).isNotNull();
        assertThat(recorder.cause.code()).isEqualTo(ErrorCode.CANCELED);
        WatchRecorder late = new WatchRecorder();
        client.watch().prefix("").start(late);
        late.await(() -> late.closed);
    }

    @Test
    void aPlanRefusesWhatCannotBe() {
        WatchPlan plan = client.watch().prefix("");

        assertThatThrownBy(() -> plan.from(0)).hasMessageContaining("revision: 0");
        assertThatThrownBy(() -> plan.snapshot().from(3)).hasMessageContaining("snapshot");
        assertThatThrownBy(() -> plan.from(3).snapshot()).hasMessageContaining("start revision 3");
        assertThatThrownBy(() -> plan.progressEvery(Duration.ofMillis(99))).hasMessageContaining("PT0.099S");
    }
}
