package dev.store.api.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.v1.KeyValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ordered, unique and gap-free, over real sockets, with streams that break at random places; the seed is the name. */
@Timeout(60)
class WatchResumeTest {
    private final FakeStore store = new FakeStore();
    private FakeMember one;
    private FakeMember two;
    private StoreClient client;

    private final FakeHistory history = new FakeHistory();
    private final FakeWatchService first = new FakeWatchService(history);
    private final FakeWatchService second = new FakeWatchService(history);

    @BeforeEach
    void start() throws IOException {
        one = FakeMember.start(store, 1, first);
        two = FakeMember.start(store, 2, second);
        client = StoreClient.builder()
                .endpoints(List.of(one.endpoint(), two.endpoint()))
                .inOrder()
                .build();
    }

    private void breakAtRandom(long seed) {
        first.seed(seed).breakOneIn(12);
        second.seed(seed + 1000).breakOneIn(12);
    }

    @AfterEach
    void stop() throws InterruptedException {
        client.close();
        one.close();
        two.close();
    }

    private static void grow(FakeHistory history, int revisions, Random random) {
        for (int i = 0; i < revisions; i++) {
            history.append(random.nextInt(8) == 0 ? 40 : 1 + random.nextInt(5), random);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void everyEventComesOnceInOrderInWholeRevisions(long seed) throws Exception {
        breakAtRandom(seed);
        Random random = new Random(seed);
        grow(history, 100, random);
        WatchRecorder recorder = new WatchRecorder();

        client.watch().prefix("").from(2).start(recorder);
        grow(history, 100, random);
        recorder.awaitRevision(history.revision());

        assertThat(recorder.events).isEqualTo(history.idsFrom(2));
        assertThat(recorder.interruptions).isPositive();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void everyEventComesOnceInOrderInFragments(long seed) throws Exception {
        breakAtRandom(seed);
        Random random = new Random(seed);
        grow(history, 100, random);
        WatchRecorder recorder = new WatchRecorder();

        client.watch().prefix("").from(2).fragments().start(recorder);
        grow(history, 100, random);
        recorder.awaitRevision(history.revision());

        assertThat(recorder.events).isEqualTo(history.idsFrom(2));
        assertThat(recorder.interruptions).isPositive();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void aSnapshotStartsOverUntilItIsCompleteAndThenEveryEventComesOnce(long seed) throws Exception {
        breakAtRandom(seed);
        Random random = new Random(seed);
        grow(history, 50, random);
        WatchRecorder recorder = new WatchRecorder();

        client.watch().prefix("").snapshot().start(recorder);
        recorder.await(() -> recorder.snapshotRevision > 0);
        int started = recorder.snapshotsStarted;
        grow(history, 100, random);
        recorder.awaitRevision(history.revision());

        assertThat(recorder.snapshot)
                .isEqualTo(history.stateAt(recorder.snapshotRevision).stream()
                        .map(KeyValue::getValue)
                        .map(value -> value.toStringUtf8())
                        .toList());
        assertThat(recorder.events).isEqualTo(history.idsFrom(recorder.snapshotRevision + 1));
        assertThat(recorder.snapshotsStarted).as("once complete, never again").isEqualTo(started);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void manyWatchesOfOneStreamEachMissNothing(long seed) throws Exception {
        breakAtRandom(seed);
        Random random = new Random(seed);
        grow(history, 20, random);
        List<WatchRecorder> recorders = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            WatchRecorder recorder = new WatchRecorder();
            recorders.add(recorder);
            client.watch().prefix("").from(2 + i).start(recorder);
        }
        grow(history, 20, random);

        for (int i = 0; i < 20; i++) {
            recorders.get(i).awaitRevision(history.revision());
            assertThat(recorders.get(i).events).isEqualTo(history.idsFrom(2 + i));
        }
    }
}
