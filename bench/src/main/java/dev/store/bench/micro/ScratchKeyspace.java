package dev.store.bench.micro;

import com.google.protobuf.ByteString;
import dev.store.api.v1.Put;
import dev.store.raft.keyspace.AppliedListener;
import dev.store.raft.keyspace.LogPosition;
import dev.store.raft.keyspace.RevisionEvents;
import dev.store.raft.keyspace.StoredKeyspace;
import dev.store.raft.lease.LeaseObserver;
import dev.store.raft.storage.RocksStore;
import dev.store.raft.storage.StorageOptions;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.LogBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** The real keyspace on RocksDB in a temporary folder, with keys and values as the load driver's. */
final class ScratchKeyspace implements AutoCloseable {
    private static final int VALUE_BYTES = 256;

    private final SplittableRandom random = new SplittableRandom(42);
    private final ExecutorService background = Executors.newSingleThreadExecutor();
    private final Path folder;
    private final StoredKeyspace keyspace;
    private final ByteString[] values = new ByteString[64];
    private final int keys;
    private long index;

    private ScratchKeyspace(Path folder, int keys) {
        this.folder = folder;
        this.keys = keys;
        RocksStore store = RocksStore.open(folder.resolve("db"), StorageOptions.DEFAULT, reason -> {
            throw new IllegalStateException(reason);
        });
        this.keyspace = StoredKeyspace.open(
                store,
                new StoredKeyspace.Observers(
                        new Deaf(), LeaseObserver.NONE, background, failure -> failure.printStackTrace()));
        for (int i = 0; i < values.length; i++) {
            byte[] value = new byte[VALUE_BYTES];
            random.nextBytes(value);
            values[i] = ByteString.copyFrom(value);
        }
    }

    /** A keyspace with this many keys. */
    static ScratchKeyspace with(int keys) {
        try {
            ScratchKeyspace scratch = new ScratchKeyspace(Files.createTempDirectory("store-bench-micro-"), keys);
            for (int first = 0; first < keys; first += 100) {
                LogBatch.Builder batch = LogBatch.newBuilder().setWallTimeMs(1);
                for (int i = first; i < Math.min(keys, first + 100); i++) {
                    batch.addCommands(scratch.put(i));
                }
                scratch.apply(batch.build());
            }
            return scratch;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create a temporary folder", e);
        }
    }

    StoredKeyspace keyspace() {
        return keyspace;
    }

    List<CommandResult> apply(LogBatch batch) {
        return keyspace.apply(new LogPosition(1, ++index), batch);
    }

    Command put(int key) {
        return Command.newBuilder()
                .setPut(Put.newBuilder().setKey(key(key)).setValue(values[random.nextInt(values.length)]))
                .build();
    }

    int randomKey() {
        return random.nextInt(keys);
    }

    static ByteString key(int number) {
        return ByteString.copyFrom(
                ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
    }

    ByteString value() {
        return values[random.nextInt(values.length)];
    }

    @Override
    public void close() {
        keyspace.close();
        background.shutdownNow();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder, e);
        }
    }

    private static final class Deaf implements AppliedListener {
        @Override
        public void onApplied(List<RevisionEvents> revisions, long currentRevision, long compactRevision) {
            // The hub has a benchmark of its own.
        }

        @Override
        public void onSnapshotInstalled(long currentRevision, long compactRevision) {
            // No snapshots here.
        }
    }
}
