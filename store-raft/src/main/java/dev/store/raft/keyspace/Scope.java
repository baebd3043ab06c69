package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import java.util.Objects;

/**
 * One area of one namespace: what the keys of a command are relative to.
 *
 * @param namespace a valid name, never empty
 * @param area {@link ScopedKey#USER_AREA} or {@link ScopedKey#RECORD_AREA}
 */
public record Scope(String namespace, byte area) {
    public Scope {
        Objects.requireNonNull(namespace, "namespace");
        if (area != ScopedKey.USER_AREA && area != ScopedKey.RECORD_AREA) {
            throw new IllegalArgumentException(
                    "area: " + area + " (expected: " + ScopedKey.USER_AREA + " or " + ScopedKey.RECORD_AREA + ")");
        }
    }

    /** The keys that users put; an empty namespace means {@code default}. */
    public static Scope user(String namespace) {
        return new Scope(named(namespace), ScopedKey.USER_AREA);
    }

    /** The records of services, configuration and locks; an empty namespace means {@code default}. */
    public static Scope records(String namespace) {
        return new Scope(named(namespace), ScopedKey.RECORD_AREA);
    }

    /** The scoped form of a key. */
    public ByteString key(ByteString key) {
        return prefix().concat(key);
    }

    /** What all scoped keys of this scope start with. */
    public ByteString prefix() {
        return ScopedKey.prefix(namespace, area);
    }

    private static String named(String namespace) {
        return namespace.isEmpty() ? ScopedKey.DEFAULT_NAMESPACE : namespace;
    }
}
