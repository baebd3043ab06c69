package dev.store.raft.keyspace;

import java.util.ArrayDeque;
import java.util.List;

/** Rolling hashes at recent log indexes, to be compared with those of other members. */
final class RecentHashes {
    /** Only indexes divisible by this are kept, so that members that are at different places have some in common. */
    private static final int STRIDE = 8;

    private static final int KEPT = 512;

    private final ArrayDeque<Keyspace.IndexHash> recent = new ArrayDeque<>(KEPT);

    synchronized void add(long index, long hash) {
        if (index >= 0 && index % STRIDE == 0) {
            if (recent.size() == KEPT) {
                recent.removeFirst();
            }
            recent.addLast(new Keyspace.IndexHash(index, hash));
        }
    }

    synchronized List<Keyspace.IndexHash> all() {
        return List.copyOf(recent);
    }
}
