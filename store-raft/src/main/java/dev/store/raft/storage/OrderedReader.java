package dev.store.raft.storage;

import org.jspecify.annotations.Nullable;

/** Reads rows of an {@link OrderedStore}. A pinned reader is closed by whoever opened it. */
public interface OrderedReader extends AutoCloseable {
    /** The value of a row, or null. */
    byte @Nullable [] get(byte[] key);

    /** A cursor over the rows {@code from <= key < to}, positioned before the first. */
    RowCursor cursor(byte[] from, byte[] to);

    @Override
    void close();
}
