package dev.store.raft.storage;

import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToLongBiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A map in memory in front of what is slow to read, bounded by bytes. Safe for use by many threads.
 *
 * <p>It never shows a value that is older than the last {@link #put} of its key: loading a value and putting one exclude
 * each other for the same key, so that whoever changes the source first and the cache then need not fear a reader who
 * loaded before and stores after. What goes is chosen by the clock algorithm (Corbató, 1968): the hand passes over
 * entries that were used since it came by last, and takes the first other one.
 */
public final class ClockCache<K, V> {
    private final ConcurrentHashMap<K, Slot<V>> slots = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final ReentrantLock hand = new ReentrantLock();
    private final long maxBytes;
    private final ToLongBiFunction<K, V> weigher;
    private Iterator<Map.Entry<K, Slot<V>>> position = slots.entrySet().iterator();

    /**
     * Makes an empty cache.
     *
     * @param maxBytes most bytes of all entries; 0 for a cache that keeps nothing
     * @param weigher bytes of an entry
     */
    public ClockCache(long maxBytes, ToLongBiFunction<K, V> weigher) {
        this.maxBytes = maxBytes;
        this.weigher = weigher;
    }

    /** The value of a key, from the source if it is not here; null if the source has none, which is not remembered. */
    public @Nullable V get(K key, Function<K, @Nullable V> source) {
        Slot<V> slot = slots.get(key);
        if (slot != null) {
            if (!slot.used) {
                slot.used = true;
            }
            return slot.value;
        }
        if (maxBytes == 0) {
            return source.apply(key);
        }
        Slot<V> loaded = slots.compute(key, (k, present) -> present != null ? present : slot(k, source.apply(k)));
        if (loaded == null) {
            return null;
        }
        makeRoom();
        return loaded.value;
    }

    /** Notes that the source has a new value for a key, or none any more. */
    public void put(K key, @Nullable V value) {
        if (maxBytes == 0) {
            return;
        }
        slots.compute(key, (k, before) -> {
            if (before != null) {
                bytes.addAndGet(-before.bytes);
            }
            return slot(k, value);
        });
        makeRoom();
    }

    /** Bytes of all entries. */
    public long bytes() {
        return bytes.get();
    }

    private @Nullable Slot<V> slot(K key, @Nullable V value) {
        if (value == null) {
            return null;
        }
        Slot<V> slot = new Slot<>(value, weigher.applyAsLong(key, value));
        bytes.addAndGet(slot.bytes);
        return slot;
    }

    private void makeRoom() {
        if (bytes.get() <= maxBytes || !hand.tryLock()) {
            return;
        }
        try {
            // Two rounds at the most: in the second one nothing counts as used that was not used meanwhile.
            for (int started = 0; bytes.get() > maxBytes && started <= 2; ) {
                if (!position.hasNext()) {
                    position = slots.entrySet().iterator();
                    started++;
                    continue;
                }
                Map.Entry<K, Slot<V>> next = position.next();
                Slot<V> slot = next.getValue();
                if (slot.used) {
                    slot.used = false;
                } else if (slots.remove(next.getKey(), slot)) {
                    bytes.addAndGet(-slot.bytes);
                }
            }
        } finally {
            hand.unlock();
        }
    }

    private static final class Slot<V> {
        final V value;
        final long bytes;
        /** Written without care: a use that is lost only makes the entry go earlier. */
        boolean used;

        Slot(V value, long bytes) {
            this.value = value;
            this.bytes = bytes;
        }
    }
}
