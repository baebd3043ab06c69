package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.Arrays;

/**
 * A key of a hash table.
 *
 * <p>{@link ByteString#hashCode} is a polynomial in 31: binary keys that count up have the same hash by dozens. This is
 * FNV-1a (Fowler, Noll, Vo), with a last mix so that the low bits depend on all of them; and keys have an order, so that
 * a {@code ConcurrentHashMap} searches a bucket of equal hashes, should somebody make such keys, as a tree. The bytes are
 * copied out, because {@code ByteString} compares byte by byte, and arrays are compared by whole words.
 */
final class HashedKey implements Comparable<HashedKey> {
    private static final int FNV_BASIS = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;

    private final byte[] bytes;
    private final int hash;

    HashedKey(ByteString bytes) {
        this.bytes = bytes.toByteArray();
        int h = FNV_BASIS;
        for (byte b : this.bytes) {
            h = (h ^ (b & 0xff)) * FNV_PRIME;
        }
        h ^= h >>> 15;
        h *= 0x2c1b3c6d;
        this.hash = h ^ (h >>> 13);
    }

    ByteString bytes() {
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    int size() {
        return bytes.length;
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HashedKey key && key.hash == hash && Arrays.equals(key.bytes, bytes);
    }

    @Override
    public int compareTo(HashedKey other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }
}
