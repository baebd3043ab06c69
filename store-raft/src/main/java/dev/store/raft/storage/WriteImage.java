package dev.store.raft.storage;

import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A batch of writes, built in Java in the form in which RocksDB takes it, so that the whole batch crosses into native
 * code once.
 *
 * <p>The form is that of RocksDB's {@code write_batch.cc}, stable since LevelDB: 8 bytes sequence (zero), 4 bytes count,
 * then for each row a tag (1 put, 0 delete), the length of the key as a varint and the key, and for a put the same of
 * the value. Integers are little-endian.
 */
public final class WriteImage {
    private static final int HEADER_BYTES = 12;
    private static final int COUNT_OFFSET = 8;
    private static final byte TAG_DELETE = 0;
    private static final byte TAG_PUT = 1;

    private byte[] image = new byte[1024];
    private int size = HEADER_BYTES;
    private int count;

    /** Empties the image for the next batch. */
    public void clear() {
        // A rare huge batch must not pin its buffer for ever.
        if (image.length > 4 * 1024 * 1024) {
            image = new byte[1024];
        }
        size = HEADER_BYTES;
        count = 0;
    }

    /** Adds a put. */
    public void put(byte[] key, byte[] value) {
        ensure(key.length + value.length + 11);
        image[size++] = TAG_PUT;
        bytes(key);
        bytes(value);
        count++;
    }

    /** Adds a deletion. */
    public void delete(byte[] key) {
        ensure(key.length + 6);
        image[size++] = TAG_DELETE;
        bytes(key);
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

    /** The finished image. */
    public byte[] toByteArray() {
        for (int i = 0; i < 4; i++) {
            image[COUNT_OFFSET + i] = (byte) (count >>> (8 * i));
        }
        return Arrays.copyOf(image, size);
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

    private void bytes(byte[] bytes) {
        int length = bytes.length;
        while (length >= 0x80) {
            image[size++] = (byte) (length | 0x80);
            length >>>= 7;
        }
        image[size++] = (byte) length;
        System.arraycopy(bytes, 0, image, size, bytes.length);
        size += bytes.length;
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
