package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;

/**
 * The byte form of a key together with its namespace and area, in which everything below the edge deals.
 *
 * <p>Form: {@code <namespace> 0x00 <area> <key>}. A namespace never holds a zero byte, so the keys of one area of one
 * namespace are one interval of the order of unsigned bytes, and no ordinary range can reach out of it.
 */
public final class ScopedKey {
    /** Area of the keys that users put. */
    public static final byte USER_AREA = 0x01;

    /** Area of the records of services, configuration and locks, which ordinary ranges do not show. */
    public static final byte RECORD_AREA = 0x02;

    /** Namespace that is meant where none is named. */
    public static final String DEFAULT_NAMESPACE = "default";

    private ScopedKey() {}

    /** The scoped form of a user's key; an empty namespace means {@value #DEFAULT_NAMESPACE}. */
    public static ByteString of(String namespace, ByteString key) {
        return prefix(namespace, USER_AREA).concat(key);
    }

    /** What all scoped keys of one area of a namespace start with. */
    public static ByteString prefix(String namespace, byte area) {
        String name = namespace.isEmpty() ? DEFAULT_NAMESPACE : namespace;
        byte[] bytes = new byte[name.length() + 2];
        byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, bytes, 0, ascii.length);
        bytes[ascii.length + 1] = area;
        return ByteString.copyFrom(bytes);
    }

    /** The namespace of a scoped key. */
    public static String namespace(ByteString scopedKey) {
        return scopedKey.substring(0, separator(scopedKey)).toString(StandardCharsets.US_ASCII);
    }

    /** The area of a scoped key. */
    public static byte area(ByteString scopedKey) {
        return scopedKey.byteAt(separator(scopedKey) + 1);
    }

    /** The key of a scoped key, without namespace and area. */
    public static ByteString key(ByteString scopedKey) {
        return scopedKey.substring(separator(scopedKey) + 2);
    }

    private static int separator(ByteString scopedKey) {
        for (int i = 0; i < scopedKey.size(); i++) {
            if (scopedKey.byteAt(i) == 0) {
                return i;
            }
        }
        throw new IllegalArgumentException("scoped key: no namespace separator in " + scopedKey);
    }
}
