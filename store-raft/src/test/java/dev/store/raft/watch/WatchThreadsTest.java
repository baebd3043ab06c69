package dev.store.raft.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.store.api.v1.Event;
import dev.store.api.v1.Put;
import dev.store.raft.keyspace.AppliedListener;
import dev.store.raft.keyspace.History;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.keyspace.LogPosition;
import dev.store.raft.keyspace.RevisionEvents;
import dev.store.raft.keyspace.StoredKeyspace;
import dev.store.raft.lease.LeaseObserver;
import dev.store.raft.storage.MemoryStore;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.LogBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The hub on real threads, fed by a real keyspace. */
class WatchThreadsTest {
    private static final int REVISIONS = 3_000;
    private static final int WATCHERS = 12;

    @Test
    @Timeout(60)
    void everyWatcherGetsEveryRevisionOnceWhateverThreadsDo() throws Exception {
        Feed feed = new Feed();
        ExecutorService consumers = Executors.newFixedThreadPool(3);
        try {
            CountDownLatch done = new CountDownLatch(WATCHERS);
            List<Reader> readers = new ArrayList<>();
            for (int i = 0; i < WATCHERS; i++) {
                // Some start at the beginning, some in the future, some only when much has happened already.
                feed.put(i % 3 == 0 ? 100 : 0);
                long start = i % 2 == 0 ? 1 : feed.keyspace.revision() + 50;
                readers.add(new Reader(feed.hub, start, consumers, done));
            }
            feed.put(REVISIONS);

            assertThat(done.await(50, TimeUnit.SECONDS))
                    .as("all watchers got all")
                    .isTrue();
            readers.forEach(Reader::check);
            assertThat(feed.hub.figures().watchers()).isEqualTo(WATCHERS);
        } finally {
            feed.hub.close();
            consumers.shutdown();
        }
    }

    @Test
    @Timeout(60)
    void whoOpensAWatchJustWhileAChangeComesIsToldOfIt() throws Exception {
        Feed feed = new Feed();
        ExecutorService writer = Executors.newSingleThreadExecutor();
        try {
            for (int i = 0; i < 2_000; i++) {
                long next = feed.keyspace.revision() + 1;
                Future<?> written = writer.submit(() -> feed.put(1));
                awaitEvent(feed.hub, next);
                written.get();
                // The next change is one that nobody watches, or the dispatcher is awake in any case.
                while (feed.hub.size() > 0) {
                    Thread.onSpinWait();
                }
            }
        } finally {
            feed.hub.close();
            writer.shutdown();
        }
    }

    private static void awaitEvent(WatchHub hub, long start) throws InterruptedException {
        Semaphore readable = new Semaphore(0);
        Watcher watcher = hub.open(from(start), readable::release);
        WatchOutput output = watcher.poll(10_000);
        while (!(output instanceof WatchOutput.Events)) {
            if (output == null) {
                readable.acquire();
            }
            output = watcher.poll(10_000);
        }
        watcher.close();
    }

    private static WatchSpec from(long start) {
        return new WatchSpec(
                PlainKeyspace.all(), start, true, true, false, false, false, Duration.ZERO, EventEncoding.STORE);
    }

    /** A keyspace whose changes go to the hub. */
    private static final class Feed implements WatchSource, AppliedListener {
        private final StoredKeyspace keyspace = StoredKeyspace.open(
                new MemoryStore(), new StoredKeyspace.Observers(this, LeaseObserver.NONE, Runnable::run, failure -> {
                    throw new AssertionError(failure);
                }));
        private final RingWatchHub hub =
                RingWatchHub.start(this, new WatchOptions(60_000, 1 << 20, 32, 20_000, 20_000, 16, 100));

        void put(int times) {
            for (int i = 0; i < times; i++) {
                Put put = Put.newBuilder()
                        .setKey(ByteString.copyFromUtf8("k" + i % 10))
                        .build();
                keyspace.apply(
                        new LogPosition(1, keyspace.applied().index() + 1),
                        LogBatch.newBuilder()
                                .addCommands(Command.newBuilder().setPut(put))
                                .build());
            }
        }

        @Override
        public History history() {
            return keyspace.history();
        }

        @Override
        public KeyspaceView view() {
            return keyspace.view();
        }

        @Override
        public void onApplied(List<RevisionEvents> revisions, long currentRevision, long compactRevision) {
            hub.onApplied(revisions, currentRevision, compactRevision);
        }

        @Override
        public void onSnapshotInstalled(long currentRevision, long compactRevision) {
            hub.onSnapshotInstalled(currentRevision, compactRevision);
        }
    }

    private static final class Reader {
        private static final long LAST = REVISIONS + 400;

        private final Watcher watcher;
        private final ExecutorService consumers;
        private final CountDownLatch done;
        private final AtomicLong wakeUps = new AtomicLong();
        private final long start;
        private long next;
        private @Nullable Exception failure;

        Reader(WatchHub hub, long start, ExecutorService consumers, CountDownLatch done) {
            this.start = start;
            this.next = start;
            this.consumers = consumers;
            this.done = done;
            this.watcher = hub.open(from(start), this::wake);
            wake();
        }

        private void wake() {
            // One reader is on one thread at a time, however often it is woken.
            if (wakeUps.getAndIncrement() == 0) {
                consumers.execute(this::read);
            }
        }

        private void read() {
            long seen;
            do {
                seen = wakeUps.get();
                WatchOutput output = watcher.poll(10_000);
                while (output != null) {
                    take(output);
                    output = watcher.poll(10_000);
                }
            } while (!wakeUps.compareAndSet(seen, 0));
        }

        private void take(WatchOutput output) {
            if (output instanceof WatchOutput.Events events) {
                for (ByteString encoded : events.events().elements()) {
                    try {
                        long revision = Event.parseFrom(encoded).getEntry().getModRevision();
                        if (revision != next) {
                            throw new IllegalStateException("got " + revision + ", expected " + next);
                        }
                        if (next++ == LAST) {
                            done.countDown();
                        }
                    } catch (Exception e) {
                        failure = e;
                    }
                }
            }
        }

        void check() {
            assertThat(failure).as("watcher from %d", start).isNull();
            assertThat(next).isEqualTo(LAST + 1);
        }
    }
}
