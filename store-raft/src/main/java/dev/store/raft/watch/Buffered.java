package dev.store.raft.watch;

import com.google.protobuf.ByteString;
import java.util.List;

/** What waits in a watcher for its consumer. */
interface Buffered {
    /** Approximate size in bytes. */
    int bytes();

    /** An output that is handed on as it is. */
    record Mark(WatchOutput output) implements Buffered {
        @Override
        public int bytes() {
            return 0;
        }
    }

    /** Encoded entries of a snapshot. */
    record Entries(long revision, List<ByteString> encoded, int bytes) implements Buffered {}
}
