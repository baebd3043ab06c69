package dev.store.raft.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.raft.keyspace.RevisionEvents;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WatchProgressTest extends HubTestBed {
    @Test
    void requestedProgressIsAnsweredAtOnceByAnUpToDateWatcher() {
        WatchConsumer watcher = open(spec().range(PlainKeyspace.prefix("x")).build());
        apply(keyspace.put("a", "1"));
        watcher.watcher.requestProgress();

        assertThat(watcher.read()).containsExactly("created 1", "progress 1");
    }

    @Test
    void requestedProgressCoversWhatWasVisibleWhenItWasAskedFor() {
        WatchConsumer watcher = open(spec().build());
        watcher.read();
        RevisionEvents visible = keyspace.put("a", "1");
        watcher.watcher.requestProgress();
        assertThat(watcher.read()).isEmpty();

        apply(visible);
        assertThat(watcher.read()).containsExactly("1:put a=1", "progress 1");
    }

    @Test
    void requestedProgressComesAfterTheEventsOfALateWatcherAndOnce() {
        hub();
        for (int i = 1; i <= 100; i++) {
            apply(keyspace.put("a", "" + i));
        }
        WatchConsumer watcher = openWithoutRunning(spec().start(1).build());
        watcher.watcher.requestProgress();
        watcher.watcher.requestProgress();
        watcher.read();

        assertThat(watcher.said).hasSize(102);
        assertThat(watcher.said.get(101)).isEqualTo("progress 100");
    }

    @Test
    void progressOwedToAWatcherThatFellBehindIsSentOnceItIsUpToDate() {
        WatchConsumer watcher = open(spec().build());
        apply(keyspace.put("a", "1"));
        watcher.watcher.requestProgress();
        for (int i = 2; i <= 100; i++) {
            apply(keyspace.put("a", "" + i));
        }
        watcher.read();

        assertThat(watcher.revisions()).containsExactlyElementsOf(upTo(100));
        assertThat(watcher.said.get(watcher.said.size() - 1)).isEqualTo("progress 100");
    }

    @Test
    void aWatcherFromTheFutureIsUpToDateOnlyOnceItsStartIsReached() {
        WatchConsumer watcher = open(spec().start(3).build());
        watcher.watcher.requestProgress();
        apply(keyspace.put("a", "1"));
        assertThat(watcher.read()).containsExactly("created 3");
        apply(keyspace.put("a", "2"));
        assertThat(watcher.read()).containsExactly("progress 2");
    }

    @Test
    void idleWatcherIsSentProgressPeriodicallyAndABusyOneIsNot() {
        WatchConsumer idle = open(spec().range(PlainKeyspace.prefix("x"))
                .progress(Duration.ofSeconds(1))
                .build());
        WatchConsumer busy = open(spec().progress(Duration.ofSeconds(1)).build());
        WatchConsumer silent = open(spec().range(PlainKeyspace.prefix("x")).build());
        for (int i = 1; i <= 30; i++) {
            threads.pass(Duration.ofMillis(100));
            apply(keyspace.put("a", "" + i));
            idle.read();
        }
        busy.read();

        assertThat(idle.said).containsExactly("created 1", "progress 9", "progress 19", "progress 29");
        assertThat(busy.said).noneMatch(line -> line.startsWith("progress"));
        assertThat(silent.read()).containsExactly("created 1");
    }

    @Test
    void aStalledIdleWatcherKeepsOneProgressMark() {
        WatchConsumer stalled = open(spec().progress(Duration.ofMillis(100)).build());
        threads.pass(Duration.ofSeconds(10));

        assertThat(stalled.read()).containsExactly("created 1", "progress 0");
    }
}
