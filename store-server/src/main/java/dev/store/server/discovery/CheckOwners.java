package dev.store.server.discovery;

import java.util.Collection;

/**
 * Shares checks out among members by rendezvous hashing: each member finds the same owner without asking, and when a
 * member goes only its checks move.
 */
final class CheckOwners {
    private CheckOwners() {}

    /** The member that does a check; of several with equal rank the first by name. */
    static String owner(CheckId check, Collection<String> members) {
        String best = "";
        long bestRank = 0;
        long seed = hash(0xcbf29ce484222325L, check.namespace() + "/" + check.instance() + "/" + check.check());
        for (String member : members) {
            long rank = mixed(hash(seed, member));
            if (best.isEmpty()
                    || Long.compareUnsigned(rank, bestRank) > 0
                    || (rank == bestRank && member.compareTo(best) < 0)) {
                best = member;
                bestRank = rank;
            }
        }
        return best;
    }

    /** FNV-1a over the characters. */
    private static long hash(long seed, String text) {
        long hash = seed;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    /** Spreads the last characters over all bits (MurmurHash3's finalizer). */
    private static long mixed(long hash) {
        long h = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return h ^ (h >>> 33);
    }
}
