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
}
