package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import dev.store.api.v1.Range;
import dev.store.api.v1.RangeResult;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnResult;
import java.util.Optional;

/**
 * The keyspace as it was at one moment. Holds resources of the storage: close it, and soon (a view that lives long
 * keeps old files on disk). Not safe for use by several threads at once.
 *
 * <p>Requests are validated by {@link Requests} before they come here; all methods throw
 * {@link dev.store.api.error.StoreException} with {@code COMPACTED} or {@code FUTURE_REVISION} for revisions that cannot
 * be read.
 */
public interface KeyspaceView extends AutoCloseable {
    /** The revision that the view shows. */
    long revision();

    /** The compaction revision at that moment. */
    long compactRevision();

    /** The record of a scoped key at a revision, 0 for the view's own. */
    Optional<KeyRecord> get(ByteString scopedKey, long revision);

    /** Evaluates a range, with paging, filters and sorting. */
    RangeResult range(String namespace, Range range);

    /** Evaluates a transaction without put and delete. */
    TxnResult readOnlyTxn(String namespace, Txn txn);

    /** Reads records of a range of scoped keys in ascending order at a revision (0 for the view's own). */
    KeyCursor scan(KeyRange range, long revision);

    /** The number of keys of a range of scoped keys at a revision (0 for the view's own). */
    default long count(KeyRange range, long revision) {
        long count = 0;
        try (KeyCursor cursor = scan(range, revision)) {
            while (cursor.next()) {
                count++;
            }
        }
        return count;
    }

    /** Hash and number of all entries at a revision (0 for the view's own), equal on all members. */
    ContentHash hash(long revision);

    @Override
    void close();

    /** Moves over records in ascending key order. Starts before the first one. */
    interface KeyCursor extends AutoCloseable {
        /** Moves on; false at the end. */
        boolean next();

        ByteString scopedKey();

        KeyRecord keyRecord();

        @Override
        void close();
    }

    /** A hash over entries, and how many they are. */
    record ContentHash(long hash, long entries) {}
}
