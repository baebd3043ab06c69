package dev.store.raft.watch;

import com.google.protobuf.ByteString;
import dev.store.raft.keyspace.KeyRange;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.keyspace.KeyspaceView.KeyCursor;
import dev.store.raft.keyspace.ScopedKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a watcher has read its snapshot. Each page is read from a fresh view at the revision of the first one, so that
 * nothing of the storage is held while a slow consumer thinks; the price is that compaction can overtake it.
 */
final class SnapshotReading {
    private static final ByteString ZERO = ByteString.copyFrom(new byte[] {0});

    private long revision = -1;
    private @Nullable ByteString after;

    /** The revision that the snapshot shows; -1 before {@link #begin}. */
    long revision() {
        return revision;
    }

    void begin(KeyspaceView view) {
        revision = view.revision();
    }

    /** Reads the next page; the last one is the first that ends the range. */
    Page read(KeyspaceView view, KeyRange range, int maxBytes) {
        List<ByteString> entries = new ArrayList<>();
        int bytes = 0;
        KeyRange rest = after == null ? range : rest(range, after);
        if (rest == null || revision == 0) {
            // Nothing is older than the first revision; and 0 would mean the view's own one.
            return new Page(new Buffered.Entries(revision, entries, 0), true);
        }
        try (KeyCursor cursor = view.scan(rest, revision)) {
            while (bytes < maxBytes) {
                if (!cursor.next()) {
                    return new Page(new Buffered.Entries(revision, entries, bytes), true);
                }
                ByteString key = cursor.scopedKey();
                ByteString encoded =
                        cursor.keyRecord().toKeyValue(ScopedKey.key(key), true).toByteString();
                entries.add(encoded);
                bytes += encoded.size();
                after = key;
            }
        }
        return new Page(new Buffered.Entries(revision, entries, bytes), false);
    }

    private static @Nullable KeyRange rest(KeyRange range, ByteString after) {
        ByteString start = after.concat(ZERO);
        return ByteString.unsignedLexicographicalComparator().compare(start, range.end()) < 0
                ? new KeyRange(start, range.end())
                : null;
    }

    /** A part of the snapshot, and whether it is the last one. */
    record Page(Buffered.Entries entries, boolean last) {}
}
