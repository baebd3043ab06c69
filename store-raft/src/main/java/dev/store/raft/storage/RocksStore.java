package dev.store.raft.storage;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.rocksdb.AbstractEventListener;
import org.rocksdb.AbstractEventListener.EnabledEventCallback;
import org.rocksdb.AbstractImmutableNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.Checkpoint;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;

/**
 * An {@link OrderedStore} in RocksDB: one column family, no write-ahead log.
 *
 * <p>The Raft log is the write-ahead log, and one column family means one memtable, so that what survives a crash is a
 * prefix of the batches without further ado (docs/adr/0001). Using a closed database crashes the whole JVM, and nothing
 * native is freed by the garbage collector (RocksDB since 7.0), so every use holds a reference, and the database is
 * closed by the last one.
 */
public final class RocksStore implements OrderedStore {
    static {
        RocksDB.loadLibrary();
    }

    private static final String BACKGROUND_ERROR = "background error of the storage";

    private final RocksDB db;
    private final List<AbstractImmutableNativeReference> owned;
    private final WriteOptions writeOptions;
    private final ReadOptions readOptions;
    private final RocksReader latest;
    /** References: one for being open, one for each pinned reader and running call. */
    private final AtomicInteger references = new AtomicInteger(1);

    private final AtomicInteger closed = new AtomicInteger();

    private RocksStore(RocksDB db, List<AbstractImmutableNativeReference> owned) {
        this.db = db;
        this.owned = owned;
        this.writeOptions = new WriteOptions().setDisableWAL(true);
        this.readOptions = new ReadOptions();
        this.latest = new RocksReader(this, db, readOptions, null);
    }

    /**
     * Opens or creates the database in a folder.
     *
     * @param onBackgroundError is told when RocksDB fails outside a call: the process must then stop, because what was
     *     acknowledged may not reach the disk
     * @throws StorageException if it cannot be opened
     */
    public static RocksStore open(Path folder, StorageOptions sizes, Consumer<String> onBackgroundError) {
        Cache cache = new LRUCache(sizes.blockCacheBytes());
        WriteBufferManager buffers = new WriteBufferManager(sizes.writeBufferBytes() * 3, cache);
        BloomFilter filter = new BloomFilter(10);
        // Only this event: for every other one, RocksDB's threads would enter the JVM for nothing.
        AbstractEventListener listener = new AbstractEventListener(EnabledEventCallback.ON_BACKGROUND_ERROR) {
            @Override
            public void onBackgroundError(
                    org.rocksdb.BackgroundErrorReason reason, @org.jspecify.annotations.Nullable Status error) {
                onBackgroundError.accept(BACKGROUND_ERROR + ": " + reason + " "
                        + (error == null ? "" : error.getCodeString() + " " + error.getState()));
            }
        };
        Options options = options(sizes, cache, buffers, filter).setListeners(List.of(listener));
        try {
            RocksDB db = RocksDB.open(options, folder.toString());
            return new RocksStore(db, List.of(options, filter, buffers, cache, listener));
        } catch (RocksDBException e) {
            options.close();
            filter.close();
            buffers.close();
            cache.close();
            listener.close();
            throw new StorageException("cannot open the database in " + folder, e);
        }
    }

    private static final int LEVEL_0_FILES = 4;

    private static Options options(StorageOptions sizes, Cache cache, WriteBufferManager buffers, BloomFilter filter) {
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setBlockSize(16 * 1024)
                .setFilterPolicy(filter)
                .setCacheIndexAndFilterBlocks(true)
                .setPinL0FilterAndIndexBlocksInCache(true);
        return new Options()
                .setCreateIfMissing(true)
                .setParanoidChecks(true)
                .setTableFormatConfig(table)
                .setWriteBufferManager(buffers)
                .setWriteBufferSize(sizes.writeBufferBytes())
                .setMaxWriteBufferNumber(3)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setBottommostCompressionType(CompressionType.ZSTD_COMPRESSION)
                .setLevelCompactionDynamicLevelBytes(true)
                // Every file of level 0 reaches from the first table to the last, so all of the next level is written
                // anew with it: that level is kept as small as level 0 gets. Below it files move one by one, and those
                // of the revision log, which only grows at its end, without being written again.
                .setMaxBytesForLevelBase(LEVEL_0_FILES * sizes.writeBufferBytes())
                .setTargetFileSizeBase(sizes.writeBufferBytes() / 2)
                .setLevel0FileNumCompactionTrigger(LEVEL_0_FILES)
                .setMaxBackgroundJobs(sizes.backgroundJobs())
                .setBytesPerSync(1 << 20)
                .setKeepLogFileNum(3)
                .setMaxLogFileSize(4 << 20)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setStatsDumpPeriodSec(0);
    }

    @Override
    public OrderedReader latest() {
        return latest;
    }

    @Override
    public OrderedReader snapshot() {
        acquire();
        Snapshot snapshot = db.getSnapshot();
        return new RocksReader(this, db, new ReadOptions().setSnapshot(snapshot), snapshot);
    }

    @Override
    public void write(WriteImage image) {
        acquire();
        try (WriteBatch batch = new WriteBatch(image.toByteArray())) {
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
        try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
            db.flush(options);
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
        try (CompactRangeOptions options = new CompactRangeOptions().setExclusiveManualCompaction(false)) {
            db.compactRange(db.getDefaultColumnFamily(), from, to, options);
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
                    db.getLongProperty("rocksdb.total-sst-files-size")
                            + db.getLongProperty("rocksdb.cur-size-all-mem-tables"),
                    db.getLongProperty("rocksdb.estimate-live-data-size"),
                    db.getLongProperty("rocksdb.estimate-num-keys"));
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
            db.close();
            owned.forEach(AbstractImmutableNativeReference::close);
        }
    }
}
