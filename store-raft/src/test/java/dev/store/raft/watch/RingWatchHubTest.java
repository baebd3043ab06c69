package dev.store.raft.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.KeyValue;
import dev.store.raft.keyspace.KeyRange;
import dev.store.raft.keyspace.RevisionEvents;
import java.util.AbstractList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RingWatchHubTest extends HubTestBed {
    @Test
    void watcherFromNowGetsOnlyLaterChanges() {
        apply(keyspace.put("a", "1"));
        WatchConsumer a = open(spec().build());

        apply(keyspace.put("a", "2"));
        apply(keyspace.put("b", "3"));

        assertThat(a.read()).containsExactly("created 2", "2:put a=2", "3:put b=3");
    }

    @Test
    void watcherOpenedAfterAChangeIsVisibleButBeforeItIsDispatchedDoesNotGetIt() {
        RevisionEvents visible = keyspace.put("a", "1");
        hub();
        WatchConsumer a = open(spec().build());

        apply(visible);
        apply(keyspace.put("a", "2"));

        assertThat(a.read()).containsExactly("created 2", "2:put a=2");
    }

    @Test
    void whatNobodyWatchesDoesNotWakeTheDispatcherAndIsThereForWhoOpensLater() {
        hub();
        threads.run();
        for (String value : List.of("1", "2", "3")) {
            announce(keyspace.put("a", value));
        }
        assertThat(threads.dispatcherTasks()).isZero();
        assertThat(hub().figures().dispatchedRevision()).isEqualTo(3);

        WatchConsumer late = open(spec().start(2).build());

        assertThat(late.read()).containsExactly("created 2", "2:put a=2", "3:put a=3");
        assertThat(keyspace.reads()).isZero();
    }

    @Test
    void aWatchThatIsOpenedWhileAChangeIsAnnouncedHasTheDispatcherWokenForIt() {
        hub();
        threads.run();
        RevisionEvents change = keyspace.put("a", "1");
        AtomicBoolean opened = new AtomicBoolean();
        List<RevisionEvents> looked = new AbstractList<>() {
            @Override
            public RevisionEvents get(int index) {
                if (opened.compareAndSet(false, true)) {
                    open(spec().build());
                }
                return change;
            }

            @Override
            public int size() {
                return 1;
            }
        };

        hub().onApplied(looked, 1, 0);

        assertThat(opened).isTrue();
        assertThat(threads.dispatcherTasks()).isOne();
    }

    @Test
    void muchThatNobodyWatchesWakesTheDispatcherAllTheSame() {
        hub();
        threads.run();
        String value = "x".repeat(60_000);
        announce(keyspace.put("a", value));
        announce(keyspace.put("a", value));
        assertThat(threads.dispatcherTasks()).isZero();

        announce(keyspace.put("a", value));

        assertThat(threads.dispatcherTasks()).isOne();
    }

    @Test
    void keyPrefixAndRangeWatchersGetTheirKeysOnly() {
        WatchConsumer key =
                open(spec().range(KeyRange.single(PlainKeyspace.key("b"))).build());
        WatchConsumer prefix = open(spec().range(PlainKeyspace.prefix("b")).build());
        WatchConsumer range = open(spec().range(new KeyRange(PlainKeyspace.key("b1"), PlainKeyspace.key("c")))
                .build());

        for (String name : List.of("a", "b", "b1", "b2", "c")) {
            apply(keyspace.put(name, "x"));
        }

        assertThat(key.read()).containsExactly("created 1", "2:put b=x");
        assertThat(prefix.read()).containsExactly("created 1", "2:put b=x", "3:put b1=x", "4:put b2=x");
        assertThat(range.read()).containsExactly("created 1", "3:put b1=x", "4:put b2=x");
    }

    @Test
    void filtersLeaveOutPutsOrDeletes() {
        WatchConsumer deletes = open(spec().puts(false).build());
        WatchConsumer puts = open(spec().deletes(false).build());

        apply(keyspace.put("a", "1"));
        apply(keyspace.delete("a"));

        assertThat(deletes.read()).containsExactly("created 1", "2:delete a");
        assertThat(puts.read()).containsExactly("created 1", "1:put a=1");
    }

    @Test
    void previousEntriesComeFromTheLivePathAndFromHistory() {
        WatchConsumer live = open(spec().previous(true).build());
        apply(keyspace.put("a", "1"));
        apply(keyspace.put("a", "2"));
        apply(keyspace.delete("a"));
        fillRing();
        WatchConsumer late = open(spec().start(2).previous(true).build());

        assertThat(live.read()).contains("1:put a=1", "2:put a=2 was 1", "3:delete a was 2");
        assertThat(late.read()).startsWith("created 2", "2:put a=2 was 1", "3:delete a was 2");
        assertThat(keyspace.reads()).isPositive();
    }

    @Test
    void watcherWithoutPreviousGetsNone() {
        WatchConsumer live = open(spec().build());
        apply(keyspace.put("a", "1"));
        apply(keyspace.put("a", "2"));

        assertThat(live.read()).containsExactly("created 1", "1:put a=1", "2:put a=2");
    }

    @Test
    void deletionTellsRevisionTimeAndAuthor() {
        WatchConsumer live = open(spec().build());
        apply(keyspace.put("a", "1"));
        apply(keyspace.delete("a"));
        live.read();

        KeyValue entry = live.events.get(1).getEntry();
        assertThat(entry.getModRevision()).isEqualTo(2);
        assertThat(entry.getModifiedAtMs()).isEqualTo(20);
        assertThat(entry.getModifiedBy()).isEqualTo("tester");
        assertThat(entry.getVersion()).isZero();
    }

    @Test
    void watcherFromAFutureRevisionWaits() {
        WatchConsumer future = open(spec().start(3).build());
        apply(keyspace.put("a", "1"));
        apply(keyspace.put("a", "2"));
        apply(keyspace.put("a", "3"));
        apply(keyspace.put("a", "4"));

        assertThat(future.read()).containsExactly("created 3", "3:put a=3", "4:put a=4");
    }

    @Test
    void aRevisionIsNeverSplitUnlessFragmentsAreAllowed() {
        WatchConsumer whole = open(spec().build());
        WatchConsumer parts = open(spec().fragment(true).build());
        Map<String, @Nullable String> large = new LinkedHashMap<>();
        for (int i = 10; i < 30; i++) {
            large.put("k" + i, "value");
        }
        apply(keyspace.put("a", "1"));
        apply(keyspace.change(large));
        apply(keyspace.put("a", "2"));

        whole.maxBytes = 300;
        parts.maxBytes = 300;
        whole.read();
        parts.read();
        assertThat(whole.batchSizes).containsExactly(1, 20, 1);
        assertThat(whole.fragments).containsOnly(false);
        assertThat(parts.batchSizes.size()).isGreaterThan(5);
        assertThat(parts.fragments).contains(true);
        assertThat(parts.fragments.get(parts.fragments.size() - 1)).isFalse();
        assertThat(parts.said).isEqualTo(whole.said);
    }

    @Test
    void replayedRevisionsAreNotRepeated() {
        WatchConsumer watcher = open(spec().build());
        RevisionEvents first = keyspace.put("a", "1");
        apply(first);
        apply(first);
        apply(keyspace.put("a", "2"));

        watcher.read();
        assertThat(watcher.revisions()).containsExactly(1L, 2L);
    }

    @Test
    void oneWatcherPastTheLimitIsRefused() {
        made = new RingWatchHub(
                keyspace, new WatchOptions(4_000, 9_000, 8, 4_000, 600, 4, 2), threads.asWatchThreads());
        open(spec().build());
        WatchConsumer second = open(spec().build());
        WatchConsumer third = open(spec().build());

        assertThat(third.read()).containsExactly("canceled OVERLOADED 0");
        third.watcher.close();
        second.watcher.close();
        threads.run();
        assertThat(hub().size()).isEqualTo(1);
        assertThat(open(spec().build()).read()).containsExactly("created 1");
    }

    @Test
    void watcherOpenedWhileThereIsNoKeyspaceIsRefused() {
        hub();
        keyspace.failWith(new StoreException(ErrorCode.NOT_READY, "starting"));

        assertThat(open(spec().build()).read()).containsExactly("canceled NOT_READY 0");
        assertThat(hub().size()).isZero();
    }

    @Test
    void closedWatcherGetsNothingMoreAndClosedHubCancelsAll() {
        WatchConsumer closed = open(spec().build());
        WatchConsumer open = open(spec().build());
        closed.watcher.close();
        apply(keyspace.put("a", "1"));
        hub().close();
        threads.run();

        assertThat(closed.read()).isEmpty();
        assertThat(open.read()).containsExactly("created 1", "1:put a=1", "canceled NOT_READY 0");
        assertThat(open(spec().build()).read()).containsExactly("created 2", "canceled NOT_READY 0");
    }

    @Test
    void eventsAreEncodedOnceForAllWatchers() {
        WatchConsumer one = open(spec().build());
        WatchConsumer two = open(spec().build());
        WatchConsumer key =
                open(spec().range(KeyRange.single(PlainKeyspace.key("a"))).build());
        apply(keyspace.put("a", "1"));
        one.read();
        two.read();
        key.read();

        assertThat(two.encoded.get(0)).isSameAs(one.encoded.get(0));
        assertThat(key.encoded.get(0)).isSameAs(one.encoded.get(0));
    }

    @Test
    void revisionsThatWatchersTakeAtOnceAreOneListForAllOfThem() {
        WatchConsumer one = open(spec().build());
        WatchConsumer two = open(spec().build());
        WatchConsumer early = open(spec().build());
        apply(keyspace.put("a", "1"));
        early.read();
        apply(keyspace.put("b", "2"));
        apply(keyspace.put("a", "3"));
        one.read();
        two.read();
        early.read();

        assertThat(one.lists).hasSize(1);
        assertThat(two.lists.get(0)).isSameAs(one.lists.get(0));
        assertThat(early.lists).hasSize(2);
        assertThat(early.encoded).containsExactlyElementsOf(one.encoded);
        assertThat(one.revisions()).containsExactlyElementsOf(early.revisions());
    }

    @Test
    void aWatcherThatHasRoomForLessTakesLessThanTheOthers() {
        WatchConsumer all = open(spec().build());
        WatchConsumer few = open(spec().build());
        for (int i = 0; i < 5; i++) {
            apply(keyspace.put("k" + i, "0123456789".repeat(20)));
        }
        few.maxBytes = 700;
        all.read();
        few.read();

        assertThat(all.batchSizes).containsExactly(5);
        assertThat(few.batchSizes).containsExactly(2, 2, 1);
        assertThat(few.encoded).containsExactlyElementsOf(all.encoded);
    }

    @Test
    void aConsumerIsWokenOnlyAfterItFoundNothing() {
        WatchConsumer watcher = open(spec().build());
        watcher.read();
        int woken = watcher.woken;
        apply(keyspace.put("a", "1"));
        apply(keyspace.put("a", "2"));
        assertThat(watcher.woken).isEqualTo(woken + 1);
        watcher.read();
        apply(keyspace.put("a", "3"));
        assertThat(watcher.woken).isEqualTo(woken + 2);
    }
}
