package dev.store.raft.storage;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.rocksdb.Checkpoint;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * An {@link OrderedStore} in RocksDB, without its write-ahead log: the Raft log is that.
 *
 * <p>What survives a crash is a prefix of the batches, since all column families are flushed together (docs/adr/0001 and
 * 0016). Using a closed database crashes the whole JVM, and nothing
 * native is freed by the garbage collector (RocksDB since 7.0), so every use holds a reference, and the database is
 * closed by the last one.
 */
public final class RocksStore implements OrderedStore {
    private final ColumnFamilies families;
    private final RocksDB db;
    private final RocksOptions options;
    private final WriteOptions writeOptions;
    private final ReadOptions readOptions;
    private final RocksReader latest;
    /** References: one for being open, one for each pinned reader and running call. */
    private final AtomicInteger references = new AtomicInteger(1);

    private final AtomicInteger closed = new AtomicInteger();

    private RocksStore(ColumnFamilies families, RocksOptions options) {
        this.families = families;
        this.db = families.db();
        this.options = options;
        this.writeOptions = new WriteOptions().setDisableWAL(true);
        this.readOptions = new ReadOptions();
        this.latest = new RocksReader(this, families, readOptions, null);
    }

    /**
     * Opens or creates the database in a folder.
     *
     * @param onBackgroundError is told when RocksDB fails outside a call: the process must then stop, because what was
     *     acknowledged may not reach the disk
     * @throws StorageException if it cannot be opened
     */
    public static RocksStore open(Path folder, StorageOptions sizes, Consumer<String> onBackgroundError) {
        RocksOptions options = new RocksOptions(sizes, onBackgroundError);
        try {
            return new RocksStore(ColumnFamilies.open(folder, options), options);
        } catch (RocksDBException e) {
            options.close();
            throw new StorageException("cannot open the database in " + folder, e);
        }
    }

    @Override
    public OrderedReader latest() {
        return latest;
    }

    @Override
    public OrderedReader snapshot() {
        acquire();
        Snapshot snapshot = db.getSnapshot();
        return new RocksReader(this, families, new ReadOptions().setSnapshot(snapshot), snapshot);
    }

    @Override
    public void write(WriteImage image) {
        acquire();
        try (WriteBatch batch = new WriteBatch(image.toByteArray(families.logFamily()))) {
            db.write(writeOptions, batch);
        } catch (RocksDBException e) {
            throw new StorageException("cannot write " + image.count() + " rows", e);
        } finally {
            release();
        }
    }

    @Override
    public void flush() {
        acquire();
        try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
            db.flush(flush, families.all());
        } catch (RocksDBException e) {
            throw new StorageException("cannot flush", e);
        } finally {
            release();
        }
    }

    @Override
    public void checkpoint(Path folder) {
        acquire();
        try (Checkpoint checkpoint = Checkpoint.create(db)) {
            checkpoint.createCheckpoint(folder.toString());
        } catch (RocksDBException e) {
            throw new StorageException("cannot make a checkpoint in " + folder, e);
        } finally {
            release();
        }
    }

    @Override
    public void reclaim(byte[] from, byte[] to) {
        acquire();
        // Without this RocksDB holds up its own compactions meanwhile, until writes stall.
        try (CompactRangeOptions range = new CompactRangeOptions().setExclusiveManualCompaction(false)) {
            db.compactRange(families.of(from, to), from, to, range);
        } catch (RocksDBException e) {
            throw new StorageException("cannot reclaim space", e);
        } finally {
            release();
        }
    }

    @Override
    public Figures figures() {
        acquire();
        try {
            return new Figures(
                    db.getAggregatedLongProperty("rocksdb.total-sst-files-size")
                            + db.getAggregatedLongProperty("rocksdb.cur-size-all-mem-tables"),
                    db.getAggregatedLongProperty("rocksdb.estimate-live-data-size"),
                    db.getAggregatedLongProperty("rocksdb.estimate-num-keys"));
        } catch (RocksDBException e) {
            throw new StorageException("cannot read figures", e);
        } finally {
            release();
        }
    }

    @Override
    public void close() {
        if (closed.getAndSet(1) == 0) {
            release();
        }
    }

    /** Takes a reference; fails where RocksDB would crash the process. */
    void acquire() {
        int seen = references.get();
        while (seen > 0) {
            if (references.compareAndSet(seen, seen + 1)) {
                return;
            }
            seen = references.get();
        }
        throw new StorageException("the database is closed", null);
    }

    /** Gives a reference back; the last one closes the database. */
    void release() {
        if (references.decrementAndGet() == 0) {
            readOptions.close();
            writeOptions.close();
            families.close();
            options.close();
        }
    }
}
