package dev.store.server.retention;

import com.google.protobuf.ByteString;
import dev.store.api.v1.Put;
import dev.store.raft.keyspace.AppliedListener;
import dev.store.raft.keyspace.History;
import dev.store.raft.keyspace.LogPosition;
import dev.store.raft.keyspace.RevisionEvents;
import dev.store.raft.keyspace.StoredKeyspace;
import dev.store.raft.lease.LeaseObserver;
import dev.store.raft.storage.RocksStore;
import dev.store.raft.storage.StorageOptions;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.Compact;
import dev.store.raft.v1.LogBatch;
import java.nio.file.Path;
import java.util.List;

/** The product's keyspace on disk, whose revisions are made at times that a test chooses. */
final class StampedKeyspace implements AutoCloseable {
    private final Path folder;
    private StoredKeyspace keyspace;

    StampedKeyspace(Path folder) {
        this.folder = folder;
        this.keyspace = open(folder);
    }

    /** Makes one revision, and answers its number. */
    long putAt(long wallTimeMs) {
        ByteString bytes = ByteString.copyFromUtf8("k");
        apply(
                wallTimeMs,
                Command.newBuilder()
                        .setPut(Put.newBuilder().setKey(bytes).setValue(bytes))
                        .build());
        return keyspace.revision();
    }

    void compact(long revision) {
        apply(
                keyspace.wallTimeMs(),
                Command.newBuilder()
                        .setCompact(Compact.newBuilder().setRevision(revision))
                        .build());
    }

    /** Closes and opens it, as a restart of the process does. */
    void restart() {
        keyspace.close();
        keyspace = open(folder);
    }

    History history() {
        return keyspace.history();
    }

    @Override
    public void close() {
        keyspace.close();
    }

    private void apply(long wallTimeMs, Command command) {
        keyspace.apply(
                new LogPosition(1, keyspace.applied().index() + 1),
                LogBatch.newBuilder()
                        .setWallTimeMs(wallTimeMs)
                        .addCommands(command)
                        .build());
    }

    private static StoredKeyspace open(Path folder) {
        AppliedListener nobody = new AppliedListener() {
            @Override
            public void onApplied(List<RevisionEvents> revisions, long currentRevision, long compactRevision) {}

            @Override
            public void onSnapshotInstalled(long currentRevision, long compactRevision) {}
        };
        return StoredKeyspace.open(
                RocksStore.open(folder, StorageOptions.DEFAULT, problem -> {
                    throw new AssertionError(problem);
                }),
                new StoredKeyspace.Observers(nobody, LeaseObserver.NONE, Runnable::run, failure -> {
                    throw new AssertionError(failure);
                }));
    }
}
