package dev.store.raft.storage;

import java.nio.file.Path;

/**
 * An ordered map of byte rows that is written in whole batches and read at pinned moments. Safe for use by many
 * threads.
 *
 * <p>What was written survives a crash of the process only once it was flushed; but always a prefix of the batches
 * survives, never a part of one. The Raft log makes up for the rest.
 */
public interface OrderedStore extends AutoCloseable {
    /**
     * First byte of the rows of the log: those whose keys rise from batch to batch and which are hardly ever written again.
     * They are kept in files of their own, so a cursor must not go from others to them or back. This is a stored format.
     */
    byte LOG = 'r';

    /** Reads what is written now; each call sees the newest state. Need not be closed. */
    OrderedReader latest();

    /** Pins the present state. */
    OrderedReader snapshot();

    /** Writes a batch, all of it or nothing. */
    void write(WriteImage image);

    /** Writes everything in memory to files. */
    void flush();

    /** Makes a copy of the present state in a new folder of the same file system. */
    void checkpoint(Path folder);

    /** Hints that many rows of an interval were deleted, so that their space should be taken back. */
    void reclaim(byte[] from, byte[] to);

    /** Sizes. */
    Figures figures();

    /** Lets go of the store; pinned readers stay usable until they are closed. */
    @Override
    void close();

    /**
     * Sizes of a store.
     *
     * @param diskBytes bytes of all files and of what is still in memory
     * @param liveBytes estimated bytes of rows that are not deleted
     * @param estimatedRows estimated number of rows
     */
    record Figures(long diskBytes, long liveBytes, long estimatedRows) {}
}
