package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;

/**
 * A key of a hash table.
 *
 * <p>{@link ByteString#hashCode} is a polynomial in 31: binary keys that count up have the same hash by dozens. This is
 * FNV-1a (Fowler, Noll, Vo), with a last mix so that the low bits depend on all of them; and keys have an order, so that
 * a {@code ConcurrentHashMap} searches a bucket of equal hashes, should somebody make such keys, as a tree.
 */
final class HashedKey implements Comparable<HashedKey> {
    private static final int FNV_BASIS = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;

    private final ByteString bytes;
    private final int hash;

    HashedKey(ByteString bytes) {
        this.bytes = bytes;
        int h = FNV_BASIS;
        for (int i = 0, size = bytes.size(); i < size; i++) {
            h = (h ^ (bytes.byteAt(i) & 0xff)) * FNV_PRIME;
        }
        h ^= h >>> 15;
        h *= 0x2c1b3c6d;
        this.hash = h ^ (h >>> 13);
    }

    ByteString bytes() {
        return bytes;
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HashedKey key && key.hash == hash && key.bytes.equals(bytes);
    }

    @Override
    public int compareTo(HashedKey other) {
        return ByteString.unsignedLexicographicalComparator().compare(bytes, other.bytes);
    }
}
