package dev.store.raft.storage;

import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/**
 * A cursor on a RocksDB iterator.
 *
 * <p>Bounds and options stay referenced until the iterator is closed: RocksDB keeps raw pointers to them
 * (facebook/rocksdb #5682, #9306).
 */
final class RocksCursor implements RowCursor {
    private final RocksStore store;
    private final Slice lower;
    private final Slice upper;
    private final ReadOptions options;
    private final RocksIterator iterator;
    private boolean closed;

    /** The caller has taken a reference of the store for this cursor. */
    RocksCursor(
            RocksStore store,
            RocksDB db,
            ColumnFamilyHandle family,
            @Nullable Snapshot snapshot,
            byte[] from,
            byte[] to) {
        this.store = store;
        this.lower = new Slice(from);
        this.upper = new Slice(to);
        this.options = new ReadOptions().setIterateLowerBound(lower).setIterateUpperBound(upper);
        if (snapshot != null) {
            options.setSnapshot(snapshot);
        }
        this.iterator = db.newIterator(family, options);
    }

    @Override
    public boolean seek(byte[] key) {
        iterator.seek(key);
        return valid();
    }

    @Override
    public boolean seekForPrevious(byte[] key) {
        iterator.seekForPrev(key);
        return valid();
    }

    @Override
    public boolean first() {
        iterator.seekToFirst();
        return valid();
    }

    @Override
    public boolean last() {
        iterator.seekToLast();
        return valid();
    }

    @Override
    public boolean next() {
        iterator.next();
        return valid();
    }

    @Override
    public boolean previous() {
        iterator.prev();
        return valid();
    }

    @Override
    public byte[] key() {
        return iterator.key();
    }

    @Override
    public byte[] value() {
        return iterator.value();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            iterator.close();
            options.close();
            lower.close();
            upper.close();
            store.release();
        }
    }

    private boolean valid() {
        if (iterator.isValid()) {
            return true;
        }
        try {
            // An iterator that met a broken block ends like one that met the last row: only its status tells.
            iterator.status();
        } catch (RocksDBException e) {
            throw new StorageException("cannot read rows", e);
        }
        return false;
    }
}
