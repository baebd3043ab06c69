package dev.store.raft.consensus;

import dev.store.raft.Members;
import dev.store.raft.keyspace.AppliedListener;
import dev.store.raft.keyspace.RevisionEvents;
import dev.store.raft.keyspace.StoredKeyspace;
import dev.store.raft.storage.RocksStore;
import dev.store.raft.storage.StorageOptions;
import dev.store.raft.watch.WatchHub;
import dev.store.raft.watch.WatchSpec;
import dev.store.raft.watch.Watcher;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a replica under test is given, with an eye on what it does with it. */
final class TestParts {
    final List<String> fatal = new CopyOnWriteArrayList<>();
    final List<Long> revisions = new CopyOnWriteArrayList<>();
    final List<Long> installed = new CopyOnWriteArrayList<>();
    final List<MapKeyspace> keyspaces = new CopyOnWriteArrayList<>();
    final TestLeases leases = new TestLeases();
    private final Members members;

    /** Whether the keyspace is the product's, on RocksDB. */
    private final boolean stored;

    TestParts(Members members, boolean stored) {
        this.members = members;
        this.stored = stored;
    }

    ReplicaParts parts() {
        AppliedListener listener = new AppliedListener() {
            @Override
            public void onApplied(List<RevisionEvents> changes, long currentRevision, long compactRevision) {
                changes.forEach(change -> revisions.add(change.revision()));
            }

            @Override
            public void onSnapshotInstalled(long currentRevision, long compactRevision) {
                installed.add(currentRevision);
            }
        };
        return new ReplicaParts(
                members,
                (folder, applied, keeper) -> {
                    if (stored) {
                        return StoredKeyspace.open(
                                RocksStore.open(folder, StorageOptions.DEFAULT, fatal::add),
                                new StoredKeyspace.Observers(applied, keeper, Runnable::run, e -> fatal.add("" + e)));
                    }
                    MapKeyspace keyspace = MapKeyspace.open(folder, applied);
                    keyspaces.add(keyspace);
                    return keyspace;
                },
                history -> new ReplicaParts.WatchFeed(new NoWatches(), listener),
                leases,
                Clock.systemUTC(),
                (reason, cause) -> fatal.add(reason),
                "test");
    }

    MapKeyspace keyspace() {
        return keyspaces.get(keyspaces.size() - 1);
    }

    private static final class NoWatches implements WatchHub {
        @Override
        public Watcher open(WatchSpec spec, Runnable onReadable) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int size() {
            return 0;
        }

        @Override
        public void close() {}
    }
}
