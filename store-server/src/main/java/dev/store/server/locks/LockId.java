package dev.store.server.locks;

import java.util.Comparator;

/**
 * A lock, barrier or latch of a namespace.
 *
 * @param namespace a valid name, never empty
 * @param name a valid name
 */
record LockId(String namespace, String name) implements Comparable<LockId> {
    private static final Comparator<LockId> ORDER =
            Comparator.comparing(LockId::namespace).thenComparing(LockId::name);

    @Override
    public int compareTo(LockId other) {
        return ORDER.compare(this, other);
    }
}
