package dev.store.server.locks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one lock in the order of their tokens. Those that hold are the first ones, without a gap: what follows
 * the last that holds waits.
 *
 * <p>Kept step by step: a change costs as many steps as it lets entries hold.
 */
final class Queue {
    private final TreeMap<Long, Entry> entries = new TreeMap<>();
    /** Entries up to this token hold. */
    private long heldUpTo;

    private int holders;

    /** Adds an entry, or replaces the one with its token. */
    void put(Entry entry) {
        entries.put(entry.token(), entry);
        serve();
    }

    void remove(long token) {
        if (entries.remove(token) != null && token <= heldUpTo) {
            holders--;
        }
        serve();
    }

    /** Adds an entry in any order; {@link #loaded} must follow. */
    void load(Entry entry) {
        entries.put(entry.token(), entry);
    }

    void loaded() {
        heldUpTo = 0;
        holders = 0;
        serve();
    }

    private void serve() {
        Map.Entry<Long, Entry> next = entries.higherEntry(heldUpTo);
        while (next != null && fits(next.getValue())) {
            heldUpTo = next.getKey();
            holders++;
            next = entries.higherEntry(heldUpTo);
        }
    }

    /** Whether the next one may hold beside those who do. */
    boolean fits(Entry next) {
        return switch (next.queue().kind()) {
            case EXCLUSIVE -> holders == 0;
            case SHARED ->
                holders == 0 || entries.firstEntry().getValue().queue().equals(next.queue());
            case SEMAPHORE -> holders < next.queue().permits();
        };
    }

    @Nullable
    Entry get(long token) {
        return entries.get(token);
    }

    boolean holds(long token) {
        return token <= heldUpTo && entries.containsKey(token);
    }

    /** Entries with a token up to this one hold. */
    long heldUpTo() {
        return heldUpTo;
    }

    /** The one that has held longest; null if there is none. */
    @Nullable
    Entry first() {
        return entries.isEmpty() ? null : entries.firstEntry().getValue();
    }

    int holders() {
        return holders;
    }

    int size() {
        return entries.size();
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** The first holders. */
    List<Entry> holders(int limit) {
        return first(entries.headMap(heldUpTo, true), limit);
    }

    /** The first of those who wait. */
    List<Entry> waiters(int limit) {
        return first(entries.tailMap(heldUpTo, false), limit);
    }

    private static List<Entry> first(Map<Long, Entry> part, int limit) {
        return new ArrayList<>(part.values().stream().limit(limit).toList());
    }

    /** Permits of the semaphore; 0 if it is none. */
    int permits() {
        Entry first = first();
        return (first == null || first.queue().kind() != dev.store.raft.keyspace.LockQueue.Kind.SEMAPHORE)
                ? 0
                : first.queue().permits();
    }
}
