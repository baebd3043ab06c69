package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import java.util.Comparator;
import java.util.Objects;

/**
 * The half-open interval {@code start <= key < end} of {@linkplain ScopedKey scoped keys}, in the order of unsigned
 * bytes. Never empty of possible keys: {@code start < end}.
 */
public record KeyRange(ByteString start, ByteString end) {
    private static final Comparator<ByteString> ORDER = ByteString.unsignedLexicographicalComparator();
    private static final ByteString ZERO = ByteString.copyFrom(new byte[] {0});

    public KeyRange {
        Objects.requireNonNull(start, "start");
        Objects.requireNonNull(end, "end");
        if (ORDER.compare(start, end) >= 0) {
            throw new IllegalArgumentException("range: start " + start + " (expected: less than end " + end + ")");
        }
    }

    /** The range that holds exactly one key. */
    public static KeyRange single(ByteString key) {
        return new KeyRange(key, key.concat(ZERO));
    }

    /** The range of all keys with a prefix; the prefix must hold a byte other than 0xff, as every scoped one does. */
    public static KeyRange prefix(ByteString prefix) {
        return new KeyRange(prefix, successor(prefix));
    }

    /** The least byte string greater than every string that starts with the prefix. */
    public static ByteString successor(ByteString prefix) {
        for (int i = prefix.size() - 1; i >= 0; i--) {
            int last = prefix.byteAt(i) & 0xff;
            if (last != 0xff) {
                return prefix.substring(0, i).concat(ByteString.copyFrom(new byte[] {(byte) (last + 1)}));
            }
        }
        throw new IllegalArgumentException("prefix: no successor of " + prefix);
    }

    /** Whether the key lies in the range. */
    public boolean contains(ByteString key) {
        return ORDER.compare(start, key) <= 0 && ORDER.compare(key, end) < 0;
    }

    /** Whether the range holds exactly one possible key. */
    public boolean isSingle() {
        return end.size() == start.size() + 1 && end.byteAt(start.size()) == 0 && end.startsWith(start);
    }

    /** Whether some key lies in both ranges. */
    public boolean overlaps(KeyRange other) {
        return ORDER.compare(start, other.end) < 0 && ORDER.compare(other.start, end) < 0;
    }
}
