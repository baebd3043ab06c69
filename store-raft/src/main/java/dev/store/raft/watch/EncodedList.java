package dev.store.raft.watch;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages that are encoded already, and their form as a list within another message, which is made once and shared by all who
 * write it: a thousand watchers of one key get the same bytes, and to copy them in one piece is all that each costs.
 */
public final class EncodedList {
    private static final EncodedList EMPTY = new EncodedList(List.of());

    private final List<ByteString> elements;
    private volatile @Nullable Field field;

    /** The list as a field of this number; all who share a list write it in the same protocol. */
    private record Field(int number, ByteString bytes) {}

    private EncodedList(List<ByteString> elements) {
        this.elements = elements;
    }

    /** A list of encoded messages, which must not change any more. */
    public static EncodedList of(List<ByteString> elements) {
        return elements.isEmpty() ? EMPTY : new EncodedList(elements);
    }

    /** The encoded messages, in order. */
    public List<ByteString> elements() {
        return elements;
    }

    /**
     * The messages as a repeated field of another message: tag, length and message, one after the other.
     *
     * @param number of the field
     */
    public ByteString asField(int number) {
        if (elements.isEmpty()) {
            return ByteString.EMPTY;
        }
        Field known = field;
        return known != null && known.number == number ? known.bytes : make(number);
    }

    private synchronized ByteString make(int number) {
        Field known = field;
        if (known != null && known.number == number) {
            return known.bytes;
        }
        long size = 0;
        for (ByteString element : elements) {
            size += CodedOutputStream.computeBytesSize(number, element);
        }
        byte[] bytes = new byte[Math.toIntExact(size)];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            for (ByteString element : elements) {
                out.writeBytes(number, element);
            }
        } catch (IOException e) {
            throw new IllegalStateException(
                    "an array of " + size + " bytes does not take " + elements.size() + " messages", e);
        }
        out.checkNoSpaceLeft();
        ByteString made = UnsafeByteOperations.unsafeWrap(bytes);
        field = new Field(number, made);
        return made;
    }
}
