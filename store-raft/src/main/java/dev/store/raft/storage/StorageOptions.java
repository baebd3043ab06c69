package dev.store.raft.storage;

/**
 * Sizes of the storage of one member.
 *
 * @param blockCacheBytes memory for file blocks; memtables are counted in it too
 * @param writeBufferBytes size at which a memtable is written to a file
 * @param backgroundJobs most flushes and compactions at once
 */
public record StorageOptions(long blockCacheBytes, long writeBufferBytes, int backgroundJobs) {
    /** For a member with a million keys or so beside other processes. */
    public static final StorageOptions DEFAULT = new StorageOptions(64L << 20, 16L << 20, 2);

    public StorageOptions {
        if (blockCacheBytes < 1 << 20) {
            throw new IllegalArgumentException("blockCacheBytes: " + blockCacheBytes + " (expected: at least 1 MiB)");
        }
        if (writeBufferBytes < 1 << 16) {
            throw new IllegalArgumentException(
                    "writeBufferBytes: " + writeBufferBytes + " (expected: at least 64 KiB)");
        }
        if (backgroundJobs < 1) {
            throw new IllegalArgumentException("backgroundJobs: " + backgroundJobs + " (expected: at least 1)");
        }
    }
}
