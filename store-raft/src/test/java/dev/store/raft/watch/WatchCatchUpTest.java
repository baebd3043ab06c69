package dev.store.raft.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.raft.keyspace.RevisionEvents;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WatchCatchUpTest extends HubTestBed {
    @Test
    void watcherSlightlyInThePastIsServedFromTheRingWithoutAReadOfHistory() {
        hub();
        for (int i = 1; i <= 6; i++) {
            apply(keyspace.put("a", "" + i));
        }
        WatchConsumer near = open(spec().start(4).build());
        WatchConsumer further = open(spec().start(1).build());

        assertThat(near.read()).containsExactly("created 4", "4:put a=4", "5:put a=5", "6:put a=6");
        assertThat(further.read()).hasSize(7);
        assertThat(keyspace.reads()).isZero();
    }

    @Test
    void watcherFromAnOldRevisionReadsHistoryAndThenGoesLive() {
        hub();
        for (int i = 1; i <= 100; i++) {
            apply(keyspace.put("k" + i % 7, "" + i));
        }
        WatchConsumer old = open(spec().start(1).build());
        List<String> first = old.read();
        apply(keyspace.put("a", "live"));

        assertThat(first).hasSize(101);
        assertThat(first.get(100)).isEqualTo("100:put k2=100");
        assertThat(old.read()).containsExactly("101:put a=live");
        assertThat(keyspace.reads()).isPositive();
        assertThat(hub().figures().synced()).isEqualTo(1);
    }

    @Test
    void changesThatArriveWhileAWatcherReadsHistoryAreNeitherLostNorRepeated() {
        hub();
        for (int i = 1; i <= 60; i++) {
            apply(keyspace.put("a", "" + i));
        }
        WatchConsumer old = openWithoutRunning(spec().start(1).build());
        int next = 61;
        for (int step = 0; step < 200; step++) {
            if (step % 3 == 0) {
                RevisionEvents change = keyspace.put("a", "" + next++);
                hub().onApplied(List.of(change), change.revision(), 0);
            }
            if (step % 2 == 0) {
                threads.runCatchUp();
            } else {
                threads.runDispatcher();
            }
            if (step % 5 == 0) {
                old.pollOnce();
            }
        }
        old.read();

        assertThat(old.revisions()).containsExactlyElementsOf(upTo(next - 1));
    }

    @Test
    void theCompactionRevisionItselfCanBeWatchedFromAndWhatLiesBelowCannot() {
        hub();
        for (int i = 1; i <= 50; i++) {
            apply(keyspace.put("a", "" + i));
        }
        keyspace.compact(10);

        assertThat(open(spec().start(10).build()).read()).startsWith("created 10", "10:put a=10");
        assertThat(open(spec().start(9).build()).read()).containsExactly("canceled COMPACTED 10");
        assertThat(hub().size()).isEqualTo(1);
    }

    @Test
    void compactionThatPassesALaggingWatcherCancelsItWithTheCompactRevision() {
        WatchConsumer slow = open(spec().build());
        slow.pollOnce();
        for (int i = 1; i <= 100; i++) {
            apply(keyspace.put("a", "" + i));
        }
        keyspace.compact(50);

        assertThat(slow.read()).containsExactly("lagging 0", "canceled COMPACTED 50");
        assertThat(hub().size()).isZero();
    }

    @Test
    void watcherTooSlowForItsBufferIsToldOnceAndMissesNothing() {
        WatchConsumer slow = open(spec().build());
        WatchConsumer fast = open(spec().build());
        for (int i = 1; i <= 100; i++) {
            apply(keyspace.put("a", "" + i));
            fast.read();
        }
        slow.read();
        apply(keyspace.put("a", "101"));
        slow.read();

        assertThat(slow.revisions()).containsExactlyElementsOf(upTo(101));
        assertThat(slow.said.stream().filter(line -> line.startsWith("lagging")))
                .containsExactly("lagging 0");
        assertThat(fast.said).noneMatch(line -> line.startsWith("lagging"));
        assertThat(hub().figures().fellBehind()).isEqualTo(1);
    }

    @Test
    void stalledWatcherCostsBoundedMemoryAndReadsNothingUntilItIsPulled() {
        WatchConsumer stalled = open(spec().build());
        for (int i = 1; i <= 1_000; i++) {
            apply(keyspace.put("a", "" + i));
        }

        assertThat(hub().figures().bufferedBytes()).isLessThan(SMALL.bufferBytes());
        assertThat(keyspace.reads()).isZero();
        assertThat(hub().figures().maxLag()).isEqualTo(1_000);
        stalled.read();
        assertThat(stalled.revisions()).containsExactlyElementsOf(upTo(1_000));
    }

    @Test
    void aHalfTakenRevisionIsFinishedBeforeHistoryIsRead() {
        WatchConsumer parts = open(spec().fragment(true).build());
        parts.maxBytes = 300;
        Map<String, @Nullable String> large = new LinkedHashMap<>();
        for (int i = 10; i < 30; i++) {
            large.put("k" + i, "value");
        }
        apply(keyspace.change(large));
        parts.pollOnce();
        parts.pollOnce();
        for (int i = 2; i <= 50; i++) {
            apply(keyspace.put("a", "" + i));
        }
        parts.read();

        assertThat(parts.events).hasSize(69);
        assertThat(parts.fragments.indexOf(false)).isEqualTo(parts.fragments.lastIndexOf(true) + 1);
    }

    @Test
    void snapshotComesFirstThenEveryLaterChange() {
        hub();
        for (int i = 10; i < 40; i++) {
            apply(keyspace.put("k" + i, "v" + i));
        }
        apply(keyspace.delete("k20"));
        WatchConsumer watcher = openWithoutRunning(spec().snapshot(true).build());
        threads.runDispatcher();
        threads.runCatchUp();
        apply(keyspace.put("k10", "later"));
        apply(keyspace.put("new", "later"));

        List<String> said = watcher.read();
        assertThat(said).startsWith("created 32", "entry k10=v10");
        assertThat(said.stream().filter(line -> line.startsWith("entry"))).hasSize(29);
        assertThat(said.subList(30, 33)).containsExactly("complete 31", "32:put k10=later", "33:put new=later");
        assertThat(keyspace.openViews()).isZero();
    }

    @Test
    void snapshotOfAnEmptyKeyspaceIsCompleteAtOnce() {
        WatchConsumer watcher = openWithoutRunning(spec().snapshot(true).build());
        threads.run();
        apply(keyspace.put("a", "1"));

        assertThat(watcher.read()).containsExactly("created 1", "complete 0", "1:put a=1");
    }

    @Test
    void snapshotThatCompactionOvertakesIsCanceled() {
        hub();
        for (int i = 10; i < 60; i++) {
            apply(keyspace.put("k" + i, "v" + i));
        }
        WatchConsumer watcher = openWithoutRunning(spec().snapshot(true).build());
        threads.runDispatcher();
        threads.runCatchUp();
        apply(keyspace.put("a", "1"));
        keyspace.compact(51);

        List<String> said = watcher.read();
        assertThat(said.get(said.size() - 1)).isEqualTo("canceled COMPACTED 51");
        assertThat(said).noneMatch(line -> line.startsWith("complete"));
    }

    @Test
    void changesMissedByASnapshotInstallAreReadFromHistory() {
        WatchConsumer watcher = open(spec().build());
        apply(keyspace.put("a", "1"));
        for (int i = 2; i <= 5; i++) {
            keyspace.put("a", "" + i);
        }
        hub().onSnapshotInstalled(5, 0);
        threads.run();
        apply(keyspace.put("a", "6"));

        assertThat(watcher.read()).hasSize(7);
        assertThat(watcher.revisions()).containsExactlyElementsOf(upTo(6));
        assertThat(watcher.said).noneMatch(line -> line.startsWith("lagging"));
    }

    @Test
    void aWaitingWatcherIsWokenForWhatASnapshotInstallBrought() {
        WatchConsumer watcher = open(spec().build());
        watcher.read();
        int woken = watcher.woken;
        keyspace.put("a", "1");
        hub().onSnapshotInstalled(1, 0);
        threads.run();

        assertThat(watcher.woken).isGreaterThan(woken);
        assertThat(watcher.read()).containsExactly("1:put a=1");
    }

    @Test
    void aHoleInTheAnnouncedRevisionsIsReadFromHistory() {
        WatchConsumer watcher = open(spec().build());
        apply(keyspace.put("a", "1"));
        keyspace.put("a", "2");
        apply(keyspace.put("a", "3"));

        watcher.read();
        assertThat(watcher.revisions()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void changesThatTheDispatcherCannotFollowAreReadFromHistory() {
        made = new RingWatchHub(
                keyspace, new WatchOptions(4_000, 1_000, 8, 4_000, 600, 4, 100), threads.asWatchThreads());
        WatchConsumer watcher = open(spec().build());
        for (int i = 1; i <= 50; i++) {
            RevisionEvents change = keyspace.put("a", "" + i);
            hub().onApplied(List.of(change), i, 0);
        }
        threads.run();

        watcher.read();
        assertThat(watcher.revisions()).containsExactlyElementsOf(upTo(50));
    }

    @Test
    void readsThatFailForAWhileAreRepeated() {
        hub();
        for (int i = 1; i <= 50; i++) {
            apply(keyspace.put("a", "" + i));
        }
        WatchConsumer old = openWithoutRunning(spec().start(1).build());
        keyspace.failWith(new StoreException(ErrorCode.NOT_READY, "between two keyspaces"));
        threads.pass(Duration.ofSeconds(10));
        keyspace.failWith(null);
        threads.pass(Duration.ofSeconds(1));

        old.read();
        assertThat(old.revisions()).containsExactlyElementsOf(upTo(50));
    }

    @Test
    void aReadThatFailsForGoodCancelsTheWatch() {
        hub();
        for (int i = 1; i <= 50; i++) {
            apply(keyspace.put("a", "" + i));
        }
        WatchConsumer old = openWithoutRunning(spec().start(1).build());
        keyspace.failWith(new IllegalStateException("disk on fire"));
        threads.pass(Duration.ofSeconds(10));

        assertThat(old.read()).containsExactly("created 1", "canceled INTERNAL 0");
        assertThat(hub().size()).isZero();
    }

    @Test
    void aHubMadeBeforeItsKeyspaceIsOpenServesWhatThatHeldAlready() {
        keyspace.failWith(new StoreException(ErrorCode.NOT_READY, "starting"));
        hub();
        keyspace.failWith(null);
        for (int i = 1; i <= 5; i++) {
            keyspace.put("a", "" + i);
        }
        WatchConsumer watcher = open(spec().start(2).build());
        watcher.watcher.requestProgress();

        assertThat(watcher.read())
                .containsExactly("created 2", "2:put a=2", "3:put a=3", "4:put a=4", "5:put a=5", "progress 5");
    }
}
