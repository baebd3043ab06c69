package dev.store.raft.storage;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An {@link OrderedStore} in memory, for simulations: what was not {@linkplain #flush flushed} is lost by {@link #crash},
 * as it is with RocksDB without a write-ahead log.
 */
public final class MemoryStore implements OrderedStore {
    private NavigableMap<byte[], byte[]> rows;
    private NavigableMap<byte[], byte[]> flushed;
    private long writes;

    public MemoryStore() {
        this(new TreeMap<>(Arrays::compareUnsigned));
    }

    private MemoryStore(NavigableMap<byte[], byte[]> rows) {
        this.rows = rows;
        this.flushed = new TreeMap<>(rows);
    }

    /** An independent store with the same rows, as a checkpoint would give. */
    public synchronized MemoryStore copy() {
        return new MemoryStore(new TreeMap<>(rows));
    }

    /** The store as it comes up after the process died: with what was flushed. */
    public synchronized MemoryStore crash() {
        return new MemoryStore(new TreeMap<>(flushed));
    }

    /** All rows, for comparing stores byte for byte. */
    public synchronized Map<byte[], byte[]> rows() {
        return new TreeMap<>(rows);
    }

    /** How many batches were written. */
    public synchronized long writes() {
        return writes;
    }

    @Override
    public OrderedReader latest() {
        return new Reader(null);
    }

    @Override
    public synchronized OrderedReader snapshot() {
        return new Reader(new TreeMap<>(rows));
    }

    @Override
    public synchronized void write(WriteImage image) {
        writes++;
        image.forEach(new WriteImage.Visitor() {
            @Override
            public void put(byte[] key, byte[] value) {
                rows.put(key, value);
            }

            @Override
            public void delete(byte[] key) {
                rows.remove(key);
            }
        });
    }

    @Override
    public synchronized void flush() {
        flushed = new TreeMap<>(rows);
    }

    @Override
    public void checkpoint(Path folder) {
        throw new UnsupportedOperationException("use copy()");
    }

    @Override
    public void reclaim(byte[] from, byte[] to) {}

    @Override
    public synchronized Figures figures() {
        long bytes = rows.entrySet().stream()
                .mapToLong(row -> row.getKey().length + row.getValue().length)
                .sum();
        return new Figures(bytes, bytes, rows.size());
    }

    @Override
    public void close() {}

    private final class Reader implements OrderedReader {
        private final @Nullable NavigableMap<byte[], byte[]> pinned;

        Reader(@Nullable NavigableMap<byte[], byte[]> pinned) {
            this.pinned = pinned;
        }

        @Override
        public byte @Nullable [] get(byte[] key) {
            synchronized (MemoryStore.this) {
                return (pinned == null ? rows : pinned).get(key);
            }
        }

        @Override
        public RowCursor cursor(byte[] from, byte[] to) {
            synchronized (MemoryStore.this) {
                NavigableMap<byte[], byte[]> all = pinned == null ? rows : pinned;
                if (Arrays.compareUnsigned(from, to) >= 0) {
                    return new Cursor(new TreeMap<>(Arrays::compareUnsigned));
                }
                // A pinned map never changes; the live one is copied, as an iterator of RocksDB pins what it sees.
                NavigableMap<byte[], byte[]> part = all.subMap(from, true, to, false);
                return new Cursor(pinned == null ? new TreeMap<>(part) : part);
            }
        }

        @Override
        public void close() {}
    }

    private static final class Cursor implements RowCursor {
        private final NavigableMap<byte[], byte[]> rows;
        private Map.@Nullable Entry<byte[], byte[]> at;

        Cursor(NavigableMap<byte[], byte[]> rows) {
            this.rows = rows;
        }

        @Override
        public boolean seek(byte[] key) {
            at = rows.isEmpty() || Arrays.compareUnsigned(key, rows.firstKey()) <= 0
                    ? rows.firstEntry()
                    : Arrays.compareUnsigned(key, rows.lastKey()) > 0 ? null : rows.ceilingEntry(key);
            return at != null;
        }

        @Override
        public boolean seekForPrevious(byte[] key) {
            at = rows.isEmpty() || Arrays.compareUnsigned(key, rows.lastKey()) >= 0
                    ? rows.lastEntry()
                    : Arrays.compareUnsigned(key, rows.firstKey()) < 0 ? null : rows.floorEntry(key);
            return at != null;
        }

        @Override
        public boolean first() {
            at = rows.firstEntry();
            return at != null;
        }

        @Override
        public boolean last() {
            at = rows.lastEntry();
            return at != null;
        }

        @Override
        public boolean next() {
            at = rows.higherEntry(present().getKey());
            return at != null;
        }

        @Override
        public boolean previous() {
            at = rows.lowerEntry(present().getKey());
            return at != null;
        }

        @Override
        public byte[] key() {
            return present().getKey();
        }

        @Override
        public byte[] value() {
            return present().getValue();
        }

        @Override
        public void close() {}

        private Map.Entry<byte[], byte[]> present() {
            if (at == null) {
                throw new IllegalStateException("cursor: not on a row");
            }
            return at;
        }
    }
}
