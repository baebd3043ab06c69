package dev.store.raft.storage;

import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A batch of writes, built in Java in the form in which RocksDB takes it, so that the whole batch crosses into native
 * code once.
 *
 * <p>The form is that of RocksDB's {@code write_batch.cc}, stable since LevelDB: 8 bytes sequence (zero), 4 bytes count,
 * then for each row a tag (1 put, 0 delete), the length of the key as a varint and the key, and for a put the same of
 * the value. Integers are little-endian. A row of another column family than the default has another tag (5 put, 4 delete)
 * and the number of the family as a varint before its key; they are put in at the end only, so that equal rows are equal
 * images wherever they are kept.
 */
public final class WriteImage {
    private static final int HEADER_BYTES = 12;
    private static final int COUNT_OFFSET = 8;
    private static final byte TAG_DELETE = 0;
    private static final byte TAG_PUT = 1;
    private static final byte TAG_DELETE_IN_FAMILY = 4;
    private static final byte TAG_PUT_IN_FAMILY = 5;
    /** Numbers of families up to this are varints of one byte. */
    private static final int MOST_FAMILY = 0x7f;

    private byte[] image = new byte[1024];
    private int size = HEADER_BYTES;
    private int count;
    /** Where the rows of the log begin. */
    private int[] logRowsAt = new int[64];

    private int logRows;

    /** Empties the image for the next batch. */
    public void clear() {
        // A rare huge batch must not pin its buffer for ever.
        if (image.length > 4 * 1024 * 1024) {
            image = new byte[1024];
            logRowsAt = new int[64];
        }
        size = HEADER_BYTES;
        count = 0;
        logRows = 0;
    }

    /** Adds a put. */
    public void put(byte[] key, byte[] value) {
        put(key, value, value.length);
    }

    /** Adds a put whose value is the first bytes of an array. */
    public void put(byte[] key, byte[] value, int valueBytes) {
        ensure(key.length + valueBytes + 11);
        begin(TAG_PUT, key);
        bytes(value, valueBytes);
    }

    /** Adds a deletion. */
    public void delete(byte[] key) {
        ensure(key.length + 6);
        begin(TAG_DELETE, key);
    }

    private void begin(byte tag, byte[] key) {
        if (key.length > 0 && key[0] == OrderedStore.LOG) {
            if (logRows == logRowsAt.length) {
                logRowsAt = Arrays.copyOf(logRowsAt, logRows * 2);
            }
            logRowsAt[logRows++] = size;
        }
        image[size++] = tag;
        bytes(key, key.length);
        count++;
    }

    /** Number of puts and deletions. */
    public int count() {
        return count;
    }

    /** Size of the image in bytes. */
    public int sizeBytes() {
        return size;
    }

    /** CRC-32C of the rows so far: equal for equal rows in equal order. */
    public int checksum() {
        CRC32C crc = new CRC32C();
        crc.update(image, HEADER_BYTES, size - HEADER_BYTES);
        return (int) crc.getValue();
    }

    /**
     * The finished image.
     *
     * @param logFamily number of the column family of the {@linkplain OrderedStore#LOG log's} rows
     */
    public byte[] toByteArray(int logFamily) {
        if (logFamily < 0 || logFamily > MOST_FAMILY) {
            throw new IllegalArgumentException("column family: " + logFamily + " (expected: 0 to " + MOST_FAMILY + ")");
        }
        byte[] finished = new byte[size + logRows];
        for (int i = 0; i < 4; i++) {
            image[COUNT_OFFSET + i] = (byte) (count >>> (8 * i));
        }
        int from = 0;
        for (int i = 0; i < logRows; i++) {
            int row = logRowsAt[i];
            System.arraycopy(image, from, finished, from + i, row - from);
            finished[row + i] = image[row] == TAG_PUT ? TAG_PUT_IN_FAMILY : TAG_DELETE_IN_FAMILY;
            finished[row + i + 1] = (byte) logFamily;
            from = row + 1;
        }
        System.arraycopy(image, from, finished, from + logRows, size - from);
        return finished;
    }

    /** Hands each write to a visitor, in order. */
    public void forEach(Visitor visitor) {
        int at = HEADER_BYTES;
        for (int i = 0; i < count; i++) {
            byte tag = image[at++];
            int[] next = {at};
            byte[] key = readBytes(next);
            if (tag == TAG_PUT) {
                visitor.put(key, readBytes(next));
            } else {
                visitor.delete(key);
            }
            at = next[0];
        }
    }

    private byte[] readBytes(int[] at) {
        int length = 0;
        int shift = 0;
        byte b;
        do {
            b = image[at[0]++];
            length |= (b & 0x7f) << shift;
            shift += 7;
        } while (b < 0);
        byte[] bytes = Arrays.copyOfRange(image, at[0], at[0] + length);
        at[0] += length;
        return bytes;
    }

    private void bytes(byte[] bytes, int length) {
        int rest = length;
        while (rest >= 0x80) {
            image[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        image[size++] = (byte) rest;
        System.arraycopy(bytes, 0, image, size, length);
        size += length;
    }

    private void ensure(int more) {
        if (size + more > image.length) {
            image = Arrays.copyOf(image, Math.max(image.length * 2, size + more));
        }
    }

    /** Sees the writes of an image. */
    public interface Visitor {
        void put(byte[] key, byte[] value);

        void delete(byte[] key);
    }
}
