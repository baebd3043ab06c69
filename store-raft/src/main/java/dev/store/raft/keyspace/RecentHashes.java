package dev.store.raft.keyspace;

import java.util.ArrayDeque;
import java.util.List;

/**
 * Rolling hashes at recent log indexes, to be compared with those of other members: the newest, by which members that have
 * nothing to do find a difference in what they did last, and some before it.
 */
final class RecentHashes {
    /** Of earlier indexes only those divisible by this, so that members that are at different places have some in common. */
    private static final int STRIDE = 8;

    private static final int KEPT = 512;

    private final ArrayDeque<Keyspace.IndexHash> recent = new ArrayDeque<>(KEPT + 1);

    synchronized void add(long index, long hash) {
        if (index < 0) {
            return;
        }
        Keyspace.IndexHash before = recent.peekLast();
        if (before != null && before.index() % STRIDE != 0) {
            recent.removeLast();
        } else if (recent.size() > KEPT) {
            recent.removeFirst();
        }
        recent.addLast(new Keyspace.IndexHash(index, hash));
    }

    synchronized List<Keyspace.IndexHash> all() {
        return List.copyOf(recent);
    }
}
