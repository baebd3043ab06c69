package dev.store.api.discovery;

/** One hash of text, the same on all machines and in all versions, so that all clients agree. */
final class Hashing {
    private Hashing() {}

    /** FNV-1a, with its bits mixed by MurmurHash3's finalizer. */
    static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }
}
