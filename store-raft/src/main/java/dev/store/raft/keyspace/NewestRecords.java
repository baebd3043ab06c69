package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import dev.store.raft.storage.ClockCache;
import dev.store.raft.storage.OrderedReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest records of the storage, with those that were used last in memory. Read by any thread; the apply thread tells
 * it what it has written.
 */
final class NewestRecords implements RecordSource {
    /** What an entry costs beside key and value: objects and their headers, a slot of the table. */
    private static final int ENTRY_BYTES = 264;

    private final CurrentRecords stored;
    private final ClockCache<HashedKey, KeyRecord> cache;

    NewestRecords(OrderedReader newest, long cacheBytes) {
        this.stored = new CurrentRecords(newest);
        this.cache = new ClockCache<>(
                cacheBytes,
                (key, found) -> ENTRY_BYTES + key.size() + found.value().size());
    }

    /** Notes changes that are in the storage now. To be called before readers are told of their revision. */
    void written(List<RevisionEvents> revisions) {
        for (RevisionEvents revision : revisions) {
            for (KeyEvent event : revision.events()) {
                cache.put(new HashedKey(event.scopedKey()), event.current());
            }
        }
    }

    @Override
    public @Nullable KeyRecord get(ByteString scopedKey) {
        return cache.get(new HashedKey(scopedKey), key -> stored.get(key.bytes()));
    }

    @Override
    public KeyspaceView.KeyCursor cursor(KeyRange range, boolean descending) {
        return stored.cursor(range, descending);
    }
}
