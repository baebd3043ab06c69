package dev.store.raft.storage;

/** Moves over rows in the order of unsigned bytes, within the bounds it was made with. One thread; close it soon. */
public interface RowCursor extends AutoCloseable {
    /** Moves to the first row at or after the key; false if there is none within the bounds. */
    boolean seek(byte[] key);

    /** Moves to the last row at or before the key; false if there is none within the bounds. */
    boolean seekForPrevious(byte[] key);

    /** Moves to the first row. */
    boolean first();

    /** Moves to the last row. */
    boolean last();

    /** Moves to the next row. */
    boolean next();

    /** Moves to the previous row. */
    boolean previous();

    /** Key of the present row. */
    byte[] key();

    /** Value of the present row. */
    byte[] value();

    @Override
    void close();
}
