package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/** Records as they are at one revision, or in the midst of a transaction. */
interface RecordSource {
    /** The record of a key, or null. */
    @Nullable
    KeyRecord get(ByteString scopedKey);

    /** Moves over the records of a range. The caller closes the cursor. */
    KeyspaceView.KeyCursor cursor(KeyRange range, boolean descending);

    /** The number of keys with a record in a range. */
    default long count(KeyRange range) {
        long count = 0;
        try (KeyspaceView.KeyCursor cursor = cursor(range, false)) {
            while (cursor.next()) {
                count++;
            }
        }
        return count;
    }
}
