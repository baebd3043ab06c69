package dev.store.raft.watch;

import dev.store.raft.keyspace.RevisionEvents;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A hub over a plain keyspace, with threads and time in the hands of the test. */
abstract class HubTestBed {
    static final WatchOptions SMALL = new WatchOptions(4_000, 1 << 20, 8, 4_000, 600, 4, 100);

    final ManualThreads threads = new ManualThreads();
    final PlainKeyspace keyspace = new PlainKeyspace();

    @Nullable
    RingWatchHub made;

    static List<Long> upTo(long revision) {
        List<Long> revisions = new ArrayList<>();
        for (long i = 1; i <= revision; i++) {
            revisions.add(i);
        }
        return revisions;
    }

    void fillRing() {
        for (int i = 0; i < 30; i++) {
            apply(keyspace.put("filler", "" + i));
        }
    }

    RingWatchHub hub() {
        if (made == null) {
            made = new RingWatchHub(keyspace, SMALL, threads.asWatchThreads());
        }
        return made;
    }

    void apply(RevisionEvents change) {
        announce(change);
        threads.run();
    }

    void announce(RevisionEvents change) {
        hub().onApplied(List.of(change), change.revision(), keyspace.compactRevision());
    }

    WatchConsumer open(WatchSpec spec) {
        WatchConsumer consumer = openWithoutRunning(spec);
        threads.run();
        return consumer;
    }

    WatchConsumer openWithoutRunning(WatchSpec spec) {
        return new WatchConsumer(hub(), threads, spec);
    }

    static SpecBuilder spec() {
        return new SpecBuilder();
    }
}
