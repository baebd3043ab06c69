package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import dev.store.raft.storage.OrderedReader;
import dev.store.raft.storage.RowCursor;
import org.jspecify.annotations.Nullable;

/** Records as they were at an older revision that is not compacted. */
final class PastRecords implements RecordSource {
    private final OrderedReader reader;
    private final long revision;

    PastRecords(OrderedReader reader, long revision) {
        this.reader = reader;
        this.revision = revision;
    }

    @Override
    public @Nullable KeyRecord get(ByteString scopedKey) {
        byte[] row = reader.get(Rows.current(scopedKey));
        if (row != null) {
            KeyRecord current = LoggedChange.decodeRecord(row);
            if (current.modRevision() <= revision) {
                return current;
            }
        }
        try (RowCursor rows = reader.cursor(Rows.history(scopedKey, revision), Rows.historyEnd(scopedKey))) {
            return rows.first() ? recordAt(scopedKey, Rows.revisionOfHistory(rows.key())) : null;
        }
    }

    @Override
    public KeyspaceView.KeyCursor cursor(KeyRange range, boolean descending) {
        return new Cursor(reader.cursor(Rows.historyStart(range.start()), Rows.historyStart(range.end())), descending);
    }

    /** The record that a change at a revision left; null for a deletion. */
    @Nullable
    KeyRecord recordAt(ByteString scopedKey, long at) {
        byte[] row = reader.get(Rows.revision(at, scopedKey));
        if (row == null) {
            throw new IllegalStateException("history: no change of a key at revision " + at + " (expected: one)");
        }
        return LoggedChange.decode(row).current();
    }

    /**
     * Goes from key to key of the history table. Every key with a record at the revision has a history row at or below
     * it: compaction keeps the newest one.
     */
    private final class Cursor implements KeyspaceView.KeyCursor {
        private final RowCursor rows;
        private final boolean descending;
        private @Nullable ByteString key;
        private @Nullable KeyRecord found;

        Cursor(RowCursor rows, boolean descending) {
            this.rows = rows;
            this.descending = descending;
        }

        @Override
        public boolean next() {
            while (toNextKey()) {
                ByteString candidate = Rows.keyOfHistory(rows.key());
                key = candidate;
                if (rows.seek(Rows.history(candidate, revision))
                        && Rows.keyOfHistory(rows.key()).equals(candidate)) {
                    found = recordAt(candidate, Rows.revisionOfHistory(rows.key()));
                    if (found != null) {
                        return true;
                    }
                }
            }
            return false;
        }

        private boolean toNextKey() {
            if (key == null) {
                return descending ? rows.last() : rows.first();
            }
            // No row starts with the bare escaped key, so this lands on the key before.
            return descending ? rows.seekForPrevious(Rows.historyStart(key)) : rows.seek(Rows.historyEnd(key));
        }

        @Override
        public ByteString scopedKey() {
            return java.util.Objects.requireNonNull(key, "next() was not called");
        }

        @Override
        public KeyRecord keyRecord() {
            return java.util.Objects.requireNonNull(found, "next() was not called");
        }

        @Override
        public void close() {
            rows.close();
        }
    }
}
