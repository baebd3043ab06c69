package dev.store.api.client;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * An immutable string of bytes: a key or a value.
 *
 * <p>Ordered as Store orders keys, by unsigned bytes.
 */
public final class Bytes implements Comparable<Bytes> {
    /** No bytes. */
    public static final Bytes EMPTY = new Bytes(ByteString.EMPTY);

    private final ByteString bytes;

    private Bytes(ByteString bytes) {
        this.bytes = bytes;
    }

    /** The UTF-8 bytes of a text. */
    public static Bytes of(String text) {
        return new Bytes(ByteString.copyFromUtf8(Objects.requireNonNull(text, "text")));
    }

    /** A copy of the given bytes. */
    public static Bytes of(byte[] bytes) {
        return new Bytes(ByteString.copyFrom(Objects.requireNonNull(bytes, "bytes")));
    }

    /** The given bytes, not copied. */
    public static Bytes of(ByteString bytes) {
        return new Bytes(Objects.requireNonNull(bytes, "bytes"));
    }

    /** The bytes as text; what is not valid UTF-8 becomes U+FFFD. */
    public String utf8() {
        return bytes.toStringUtf8();
    }

    /** A copy of the bytes. */
    public byte[] toByteArray() {
        return bytes.toByteArray();
    }

    /** The bytes, not copied. */
    public ByteString toByteString() {
        return bytes;
    }

    /** Number of bytes. */
    public int size() {
        return bytes.size();
    }

    /** Whether there are no bytes. */
    public boolean isEmpty() {
        return bytes.isEmpty();
    }

    /** Whether these bytes begin with the given ones. */
    public boolean startsWith(Bytes prefix) {
        return bytes.startsWith(prefix.bytes);
    }

    @Override
    public int compareTo(Bytes other) {
        return ByteString.unsignedLexicographicalComparator().compare(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && bytes.equals(that.bytes);
    }

    @Override
    public int hashCode() {
        return bytes.hashCode();
    }

    /** The text if the bytes are printable UTF-8, else {@code 0x} and hexadecimal digits; long ones are cut. */
    @Override
    public String toString() {
        ByteString shown = bytes.size() <= 256 ? bytes : bytes.substring(0, 256);
        String rest = bytes.size() <= 256 ? "" : "… (" + bytes.size() + " bytes)";
        if (shown.isValidUtf8()) {
            String text = shown.toString(StandardCharsets.UTF_8);
            if (text.chars().noneMatch(Character::isISOControl)) {
                return text + rest;
            }
        }
        StringBuilder hex = new StringBuilder("0x");
        for (byte b : shown.toByteArray()) {
            hex.append(Character.forDigit((b >> 4) & 0xf, 16)).append(Character.forDigit(b & 0xf, 16));
        }
        return hex.append(rest).toString();
    }
}
