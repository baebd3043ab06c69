package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import dev.store.raft.storage.OrderedReader;
import dev.store.raft.storage.RowCursor;
import org.jspecify.annotations.Nullable;

/** The newest records that a reader shows: one row a key. */
final class CurrentRecords implements RecordSource {
    /** All scoped keys: they start with a namespace, whose first character is a letter or digit. */
    static final KeyRange EVERYTHING = new KeyRange(ByteString.EMPTY, ByteString.copyFrom(new byte[] {(byte) 0xff}));

    private final OrderedReader reader;

    CurrentRecords(OrderedReader reader) {
        this.reader = reader;
    }

    @Override
    public @Nullable KeyRecord get(ByteString scopedKey) {
        byte[] row = reader.get(Rows.current(scopedKey));
        return row == null ? null : LoggedChange.decodeRecord(row);
    }

    @Override
    public KeyspaceView.KeyCursor cursor(KeyRange range, boolean descending) {
        return new Cursor(reader.cursor(Rows.current(range.start()), Rows.current(range.end())), descending);
    }

    private static final class Cursor implements KeyspaceView.KeyCursor {
        private final RowCursor rows;
        private final boolean descending;
        private boolean started;

        Cursor(RowCursor rows, boolean descending) {
            this.rows = rows;
            this.descending = descending;
        }

        @Override
        public boolean next() {
            if (!started) {
                started = true;
                return descending ? rows.last() : rows.first();
            }
            return descending ? rows.previous() : rows.next();
        }

        @Override
        public ByteString scopedKey() {
            return Rows.keyOfCurrent(rows.key());
        }

        @Override
        public KeyRecord keyRecord() {
            return LoggedChange.decodeRecord(rows.value());
        }

        @Override
        public void close() {
            rows.close();
        }
    }
}
