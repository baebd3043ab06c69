package dev.store.raft.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HashedKeyTest {
    private static final int KEYS = 100_000;

    /** Eight bytes that begin with the number as a varint, as load drivers make them. */
    private static ByteString counted(int number) {
        byte[] key = new byte[8];
        int rest = number;
        int at = 0;
        while (rest >= 0x80) {
            key[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        key[at] = (byte) rest;
        return ByteString.copyFrom(key);
    }

    @Test
    void binaryKeysThatCountUpHardlyEverShareAHash() {
        Set<Integer> hashes = new HashSet<>();
        Set<Integer> ofByteStrings = new HashSet<>();
        for (int i = 0; i < KEYS; i++) {
            hashes.add(new HashedKey(counted(i)).hashCode());
            ofByteStrings.add(counted(i).hashCode());
        }

        assertThat(hashes).hasSizeGreaterThan(KEYS - KEYS / 1_000);
        assertThat(ofByteStrings).as("why this class is there").hasSizeLessThan(KEYS / 2);
    }

    @Test
    void theLowBitsThatATableGoesByAreSpreadToo() {
        int[] buckets = new int[1 << 10];
        for (int i = 0; i < KEYS; i++) {
            buckets[new HashedKey(counted(i)).hashCode() & (buckets.length - 1)]++;
        }

        for (int inBucket : buckets) {
            assertThat(inBucket).isBetween(40, 200);
        }
    }

    @Test
    void keysAreEqualAndOrderedByTheirBytes() {
        HashedKey key = new HashedKey(ByteString.copyFromUtf8("a"));

        assertThat(key)
                .isEqualTo(new HashedKey(ByteString.copyFromUtf8("a")))
                .hasSameHashCodeAs(new HashedKey(ByteString.copyFromUtf8("a")))
                .isNotEqualTo(new HashedKey(ByteString.copyFromUtf8("b")))
                .isLessThan(new HashedKey(ByteString.copyFrom(new byte[] {(byte) 0xff})));
    }
}
