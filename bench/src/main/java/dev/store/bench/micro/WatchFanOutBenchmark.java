package dev.store.bench.micro;

import com.google.protobuf.ByteString;
import dev.store.raft.keyspace.History;
import dev.store.raft.keyspace.KeyEvent;
import dev.store.raft.keyspace.KeyRange;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.keyspace.RevisionEvents;
import dev.store.raft.keyspace.ScopedKey;
import dev.store.raft.watch.EventEncoding;
import dev.store.raft.watch.RingWatchHub;
import dev.store.raft.watch.WatchOptions;
import dev.store.raft.watch.WatchOutput;
import dev.store.raft.watch.WatchSource;
import dev.store.raft.watch.WatchSpec;
import dev.store.raft.watch.WatchThreads;
import dev.store.raft.watch.Watcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** One put of a key that many watch: from the hub's listener to encoded bytes in every watcher's hands, on one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class WatchFanOutBenchmark {
    private static final int PAGE_BYTES = 64 << 10;

    /** Watchers of the key. */
    @Param({"1", "1000"})
    public int watchers;

    private final List<Watcher> open = new ArrayList<>();
    private final ByteString key = ScopedKey.of(ScopedKey.DEFAULT_NAMESPACE, ScratchKeyspace.key(7));
    private final ByteString value = ByteString.copyFrom(new byte[256]);
    private @Nullable RingWatchHub hub;
    private long revision;

    /** Opens the watchers. */
    @Setup(Level.Trial)
    public void watch() {
        hub = new RingWatchHub(
                new Nothing(),
                WatchOptions.DEFAULTS,
                new WatchThreads(Runnable::run, Runnable::run, (task, delay) -> {}, System::nanoTime));
        WatchSpec spec = new WatchSpec(
                KeyRange.single(key), 0, true, true, false, false, false, Duration.ZERO, EventEncoding.STORE);
        for (int i = 0; i < watchers; i++) {
            open.add(hub.open(spec, () -> {}));
        }
    }

    /** Ends them. */
    @TearDown(Level.Trial)
    public void close() {
        open.forEach(Watcher::close);
        open.clear();
    }

    /** One change to all of them. */
    @Benchmark
    public void put(Blackhole hole) {
        revision++;
        KeyRecord record = new KeyRecord(value, 1, revision, revision, 0, 1, 1, "");
        KeyEvent event = new KeyEvent(key, revision, record, null, 1, "");
        hub().onApplied(List.of(new RevisionEvents(revision, List.of(event))), revision, 0);
        for (Watcher watcher : open) {
            WatchOutput output = watcher.poll(PAGE_BYTES);
            while (output != null) {
                hole.consume(output);
                output = watcher.poll(PAGE_BYTES);
            }
        }
    }

    private RingWatchHub hub() {
        if (hub == null) {
            throw new IllegalStateException("the hub was not set up");
        }
        return hub;
    }

    /** An empty keyspace: nobody falls behind here. */
    private static final class Nothing implements WatchSource, History {
        @Override
        public History history() {
            return this;
        }

        @Override
        public KeyspaceView view() {
            throw new IllegalStateException("a snapshot was read (expected: none is asked for)");
        }

        @Override
        public long currentRevision() {
            return 0;
        }

        @Override
        public long compactRevision() {
            return 0;
        }

        @Override
        public HistoryPage read(
                long fromRevision, long throughRevision, KeyRange range, int maxBytes, boolean withPrevious) {
            throw new IllegalStateException("history was read from " + fromRevision + " (expected: nobody is late)");
        }

        @Override
        public long revisionAt(long wallTimeMs) {
            return 0;
        }
    }
}
