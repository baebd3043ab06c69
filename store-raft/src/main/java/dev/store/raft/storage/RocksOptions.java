package dev.store.raft.storage;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractEventListener;
import org.rocksdb.AbstractEventListener.EnabledEventCallback;
import org.rocksdb.AbstractImmutableNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.Status;
import org.rocksdb.WriteBufferManager;

/** What RocksDB is told of how to keep rows. Must stay open for as long as the database is. */
final class RocksOptions implements AutoCloseable {
    static {
        RocksDB.loadLibrary();
    }

    private static final int LEVEL_0_FILES = 4;
    private static final int BLOCK_BYTES = 16 << 10;
    private static final String BACKGROUND_ERROR = "background error of the storage";

    private final StorageOptions sizes;
    private final Cache cache;
    private final WriteBufferManager buffers;
    private final BloomFilter filter = new BloomFilter(10);
    private final AbstractEventListener listener;
    private final DBOptions database;
    private final ColumnFamilyOptions rows;
    private final ColumnFamilyOptions log;

    RocksOptions(StorageOptions sizes, Consumer<String> onBackgroundError) {
        this.sizes = sizes;
        this.cache = new LRUCache(sizes.blockCacheBytes());
        this.buffers = new WriteBufferManager(sizes.writeBufferBytes() * 3, cache);
        this.listener = listener(onBackgroundError);
        this.database = new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                // Without a write-ahead log the families must reach the disk together (docs/adr/0016).
                .setAtomicFlush(true)
                .setParanoidChecks(true)
                .setWriteBufferManager(buffers)
                .setMaxBackgroundJobs(sizes.backgroundJobs())
                .setBytesPerSync(1 << 20)
                .setKeepLogFileNum(3)
                .setMaxLogFileSize(4 << 20)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setStatsDumpPeriodSec(0)
                .setListeners(List.of(listener));
        this.rows = family(table().setFilterPolicy(filter))
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setBottommostCompressionType(CompressionType.ZSTD_COMPRESSION);
        // One way of compression for all levels, or no file could go down a level without being written anew. Keys that
        // are asked for are there, so a filter would only cost memory.
        this.log = family(table()).setCompressionType(CompressionType.ZSTD_COMPRESSION);
    }

    DBOptions database() {
        return database;
    }

    /** For rows that come in any order. */
    ColumnFamilyOptions rows() {
        return rows;
    }

    /** For rows whose keys rise. */
    ColumnFamilyOptions log() {
        return log;
    }

    private BlockBasedTableConfig table() {
        return new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setBlockSize(BLOCK_BYTES)
                .setCacheIndexAndFilterBlocks(true)
                .setPinL0FilterAndIndexBlocksInCache(true);
    }

    private ColumnFamilyOptions family(BlockBasedTableConfig table) {
        // The two families share what one memtable may take.
        long memtable = sizes.writeBufferBytes() / 2;
        return new ColumnFamilyOptions()
                .setTableFormatConfig(table)
                .setWriteBufferSize(memtable)
                .setMaxWriteBufferNumber(3)
                .setLevelCompactionDynamicLevelBytes(true)
                // Every file of level 0 reaches from the first table to the last, so all of the next level is written
                // anew with it: that level is kept as small as level 0 gets. Below it files move one by one.
                .setMaxBytesForLevelBase(LEVEL_0_FILES * memtable)
                .setTargetFileSizeBase(memtable)
                .setLevel0FileNumCompactionTrigger(LEVEL_0_FILES);
    }

    private static AbstractEventListener listener(Consumer<String> onBackgroundError) {
        // Only this event: for every other one, RocksDB's threads would enter the JVM for nothing.
        return new AbstractEventListener(EnabledEventCallback.ON_BACKGROUND_ERROR) {
            @Override
            public void onBackgroundError(org.rocksdb.BackgroundErrorReason reason, @Nullable Status error) {
                onBackgroundError.accept(BACKGROUND_ERROR + ": " + reason + " "
                        + (error == null ? "" : error.getCodeString() + " " + error.getState()));
            }
        };
    }

    @Override
    public void close() {
        List.<AbstractImmutableNativeReference>of(database, rows, log, filter, buffers, cache, listener)
                .forEach(AbstractImmutableNativeReference::close);
    }
}
