package dev.store.raft.storage;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * A database and its two column families: the {@linkplain OrderedStore#LOG log}, whose files go down the levels as they
 * are, and all other rows (docs/adr/0016).
 */
final class ColumnFamilies implements AutoCloseable {
    private static final byte[] LOG_NAME = "log".getBytes(StandardCharsets.UTF_8);
    private static final byte[] LOG_START = {OrderedStore.LOG};
    private static final byte[] LOG_END = {OrderedStore.LOG + 1};
    private static final long MOVED_BYTES = 1 << 20;

    private final RocksDB db;
    private final ColumnFamilyHandle rows;
    private final ColumnFamilyHandle log;

    private ColumnFamilies(RocksDB db, List<ColumnFamilyHandle> handles) {
        this.db = db;
        this.rows = handles.get(0);
        this.log = handles.get(1);
    }

    /** Opens or creates the database in a folder; one of a version that had a single column family is brought over. */
    static ColumnFamilies open(Path folder, RocksOptions options) throws RocksDBException {
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        RocksDB db = RocksDB.open(
                options.database(),
                folder.toString(),
                List.of(
                        new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, options.rows()),
                        new ColumnFamilyDescriptor(LOG_NAME, options.log())),
                handles);
        ColumnFamilies families = new ColumnFamilies(db, handles);
        try {
            families.moveLog();
        } catch (RocksDBException e) {
            families.close();
            throw e;
        }
        return families;
    }

    RocksDB db() {
        return db;
    }

    /** The family of a row. */
    ColumnFamilyHandle of(byte[] key) {
        return key.length > 0 && key[0] == OrderedStore.LOG ? log : rows;
    }

    /** The family of all rows {@code from <= key < to}, which must not be some of both. */
    ColumnFamilyHandle of(byte[] from, byte[] to) {
        if (Arrays.compareUnsigned(to, LOG_START) <= 0 || Arrays.compareUnsigned(from, LOG_END) >= 0) {
            return rows;
        }
        if (Arrays.compareUnsigned(from, LOG_START) >= 0 && Arrays.compareUnsigned(to, LOG_END) <= 0) {
            return log;
        }
        HexFormat hex = HexFormat.of();
        throw new IllegalArgumentException("interval: " + hex.formatHex(from) + " to " + hex.formatHex(to)
                + " (expected: rows of the log only, or none of them)");
    }

    /** Number of the log's family. */
    int logFamily() {
        return log.getID();
    }

    /** Both: what flushes one only would let the other lag behind after a crash. */
    List<ColumnFamilyHandle> all() {
        return List.of(rows, log);
    }

    /**
     * Rows of the log that are with the others were written by a version that knew one family only. They are deleted there
     * in a batch after those that put them here, so after a crash on the way it begins again.
     */
    private void moveLog() throws RocksDBException {
        try (Slice end = new Slice(LOG_END);
                ReadOptions reads = new ReadOptions().setIterateUpperBound(end);
                WriteOptions writes = new WriteOptions().setDisableWAL(true);
                RocksIterator found = db.newIterator(rows, reads);
                WriteBatch moved = new WriteBatch()) {
            found.seek(LOG_START);
            if (!found.isValid()) {
                found.status();
                return;
            }
            for (; found.isValid(); found.next()) {
                moved.put(log, found.key(), found.value());
                if (moved.getDataSize() >= MOVED_BYTES) {
                    db.write(writes, moved);
                    moved.clear();
                }
            }
            found.status();
            moved.deleteRange(rows, LOG_START, LOG_END);
            db.write(writes, moved);
            try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
                db.flush(flush, all());
            }
        }
    }

    @Override
    public void close() {
        rows.close();
        log.close();
        db.close();
    }
}
