package dev.store.raft.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.v1.KeySelector;
import dev.store.raft.lease.LeaseObserver;
import dev.store.raft.storage.RocksStore;
import dev.store.raft.storage.StorageOptions;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.LogBatch;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class NewestRecordTest {
    private static final Command PUT = Commands.put("k", "v");
    private static final Command DELETE =
            Commands.delete(KeySelector.newBuilder().setKey(Commands.bytes("k")).build());

    @TempDir
    Path folder;

    private final ExecutorService readers = Executors.newFixedThreadPool(2);
    private StoredKeyspace keyspace;

    @BeforeEach
    void open() {
        open(1 << 20);
    }

    private void open(long cacheBytes) {
        RocksStore store = RocksStore.open(folder.resolve("db" + cacheBytes), StorageOptions.DEFAULT, problem -> {
            throw new AssertionError(problem);
        });
        StoredKeyspace.Observers observers =
                new StoredKeyspace.Observers(new Silent(), LeaseObserver.NONE, Runnable::run, failure -> {
                    throw new AssertionError(failure);
                });
        keyspace = StoredKeyspace.open(store, observers, cacheBytes);
    }

    @AfterEach
    void close() {
        readers.shutdownNow();
        keyspace.close();
    }

    /** Each entry puts the key or deletes it, in turn: at odd revisions it is there, changed at just that revision. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1 << 20})
    void recordAndRevisionBelongTogetherWhileEntriesAreApplied(long cacheBytes) throws Exception {
        keyspace.close();
        open(cacheBytes);
        AtomicBoolean done = new AtomicBoolean();
        Callable<Long> reading = () -> {
            long last = 0;
            while (!done.get()) {
                Keyspace.Newest newest = keyspace.newest(Commands.scoped("k"));
                assertThat(newest.revision()).isGreaterThanOrEqualTo(last);
                try (KeyspaceView view = keyspace.view()) {
                    last = view.revision();
                }
                assertThat(last).isGreaterThanOrEqualTo(newest.revision());
                newest = keyspace.newest(Commands.scoped("k"));
                assertThat(newest.revision()).isGreaterThanOrEqualTo(last);
                last = newest.revision();
                if (last % 2 == 0) {
                    assertThat(newest.keyRecord()).isNull();
                } else {
                    assertThat(newest.keyRecord()).isNotNull();
                    assertThat(newest.keyRecord().modRevision()).isEqualTo(last);
                }
            }
            return last;
        };
        List<Future<Long>> results = List.of(readers.submit(reading), readers.submit(reading));
        for (int i = 1; i <= 10_000; i++) {
            apply(i % 2 == 1 ? PUT : DELETE);
        }
        done.set(true);
        for (Future<Long> result : results) {
            assertThat(result.get(20, TimeUnit.SECONDS)).isLessThanOrEqualTo(10_000);
        }
    }

    @Test
    void whoSawARevisionSeesNothingOlder() {
        for (int i = 1; i <= 5; i++) {
            apply(Commands.put("k", "v" + i));
            Keyspace.Newest newest = keyspace.newest(Commands.scoped("k"));
            assertThat(newest.revision()).isEqualTo(i);
            KeyRecord found = Objects.requireNonNull(newest.keyRecord());
            assertThat(found.value().toStringUtf8()).isEqualTo("v" + i);
        }
        assertThat(keyspace.newest(Commands.scoped("other"))).isEqualTo(new Keyspace.Newest(5, null));
    }

    private void apply(Command command) {
        keyspace.apply(
                new LogPosition(1, keyspace.applied().index() + 1),
                LogBatch.newBuilder().addCommands(command).build());
    }

    private static final class Silent implements AppliedListener {
        @Override
        public void onApplied(List<RevisionEvents> revisions, long currentRevision, long compactRevision) {}

        @Override
        public void onSnapshotInstalled(long currentRevision, long compactRevision) {}
    }
}
