package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys of records, relative to the record area of a namespace.
 *
 * <p>Form: the letter of the kind, then each part followed by a zero byte, then, for some kinds, a number of eight bytes,
 * most significant first. Parts hold no zero byte, so the records whose first parts are equal are one range of keys, and
 * no name is a prefix of another by accident.
 */
public final class RecordKey {
    private RecordKey() {}

    /**
     * The key of the record with these parts; also what the keys of all records start with that have these first parts.
     *
     * @throws IllegalArgumentException if a part holds a zero byte; requests are checked before
     */
    public static ByteString of(RecordKind kind, String... parts) {
        ByteString.Output key = ByteString.newOutput(64);
        key.write(kind.letter());
        for (String part : parts) {
            if (part.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("record key: a part holds a zero byte (expected: none)");
            }
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            key.write(bytes, 0, bytes.length);
            key.write(0);
        }
        return key.toByteString();
    }

    /** A key that ends with a number. */
    public static ByteString numbered(ByteString key, long number) {
        ByteBuffer bytes = ByteBuffer.allocate(8).putLong(number);
        bytes.flip();
        return key.concat(ByteString.copyFrom(bytes));
    }

    /** The number that a key ends with. */
    public static long number(ByteString key) {
        return key.substring(key.size() - 8).asReadOnlyByteBuffer().getLong();
    }

    /** The first parts of a key. */
    public static List<String> parts(ByteString key, int count) {
        List<String> parts = new ArrayList<>(count);
        int start = 1;
        for (int i = start; i < key.size() && parts.size() < count; i++) {
            if (key.byteAt(i) == 0) {
                parts.add(key.substring(start, i).toStringUtf8());
                start = i + 1;
            }
        }
        if (parts.size() < count) {
            throw new IllegalArgumentException("record key: " + parts.size() + " parts (expected: " + count + ")");
        }
        return parts;
    }
}
