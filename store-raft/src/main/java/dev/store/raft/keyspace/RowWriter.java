package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import dev.store.raft.storage.WriteImage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Builds the value of a row: numbers as varints, bytes and text with their length before them. */
final class RowWriter {
    private byte[] bytes;
    private int size;

    RowWriter(int expectedBytes) {
        this.bytes = new byte[expectedBytes];
    }

    RowWriter tag(int tag) {
        ensure(1);
        bytes[size++] = (byte) tag;
        return this;
    }

    RowWriter number(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    RowWriter text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        ensure(utf8.length);
        System.arraycopy(utf8, 0, bytes, size, utf8.length);
        size += utf8.length;
        return this;
    }

    RowWriter bytes(ByteString value) {
        number(value.size());
        ensure(value.size());
        value.copyTo(bytes, size);
        size += value.size();
        return this;
    }

    byte[] done() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    /** Adds what was built to an image, as the value of a row, and begins the next one in the same buffer. */
    void put(WriteImage image, byte[] key) {
        image.put(key, bytes, size);
        size = 0;
    }

    private void ensure(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
