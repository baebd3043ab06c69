package dev.store.raft.keyspace;

/** Mixes numbers into a 64-bit hash. */
final class Hashes {
    private Hashes() {}

    /** The hash with one more number; depends on the order. The mixer is MurmurHash3's 64-bit finalizer. */
    static long mix(long hash, long number) {
        long mixed = hash * 31 + number;
        mixed = (mixed ^ mixed >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }
}
