package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.charset.StandardCharsets;

/** Takes apart what {@link RowWriter} built. The array must not change afterwards: values refer to it. */
final class RowReader {
    private final byte[] bytes;
    private int at;

    RowReader(byte[] bytes) {
        this.bytes = bytes;
    }

    int tag() {
        return bytes[at++];
    }

    long number() {
        long value = 0;
        int shift = 0;
        byte b;
        do {
            b = bytes[at++];
            value |= (long) (b & 0x7f) << shift;
            shift += 7;
        } while (b < 0);
        return value;
    }

    String text() {
        int length = (int) number();
        String text = length == 0 ? "" : new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    ByteString bytes() {
        int length = (int) number();
        ByteString value = length == 0 ? ByteString.EMPTY : UnsafeByteOperations.unsafeWrap(bytes, at, length);
        at += length;
        return value;
    }
}
