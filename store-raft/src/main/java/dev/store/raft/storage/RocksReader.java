package dev.store.raft.storage;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;

/** Reads a {@link RocksStore}, at a snapshot if it has one, else the newest state. */
final class RocksReader implements OrderedReader {
    private final RocksStore store;
    private final ColumnFamilies families;
    private final ReadOptions options;
    private final @Nullable Snapshot snapshot;
    private final AtomicBoolean closed = new AtomicBoolean();

    RocksReader(RocksStore store, ColumnFamilies families, ReadOptions options, @Nullable Snapshot snapshot) {
        this.store = store;
        this.families = families;
        this.options = options;
        this.snapshot = snapshot;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        store.acquire();
        try {
            return families.db().get(families.of(key), options, key);
        } catch (RocksDBException e) {
            throw new StorageException("cannot read a row", e);
        } finally {
            store.release();
        }
    }

    @Override
    public RowCursor cursor(byte[] from, byte[] to) {
        ColumnFamilyHandle family = families.of(from, to);
        store.acquire();
        return new RocksCursor(store, families.db(), family, snapshot, from, to);
    }

    @Override
    public void close() {
        if (snapshot != null && closed.compareAndSet(false, true)) {
            options.close();
            families.db().releaseSnapshot(snapshot);
            snapshot.close();
            store.release();
        }
    }
}
