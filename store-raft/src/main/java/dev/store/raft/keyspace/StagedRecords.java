package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Records with changes laid over them that are not written yet; an empty change is a deletion. */
final class StagedRecords implements RecordSource {
    private final RecordSource base;
    private final Map<HashedKey, Optional<KeyRecord>> staged = new LinkedHashMap<>();
    /** The same in order, once somebody goes over a range: puts and gets of single keys, which are most, need no order. */
    private @Nullable TreeMap<ByteString, Optional<KeyRecord>> ordered;

    StagedRecords(RecordSource base) {
        this.base = base;
    }

    void stage(ByteString scopedKey, @Nullable KeyRecord keyRecord) {
        Optional<KeyRecord> change = Optional.ofNullable(keyRecord);
        staged.put(new HashedKey(scopedKey), change);
        if (ordered != null) {
            ordered.put(scopedKey, change);
        }
    }

    boolean isStaged(ByteString scopedKey) {
        return staged.containsKey(new HashedKey(scopedKey));
    }

    private NavigableMap<ByteString, Optional<KeyRecord>> changes(KeyRange range) {
        if (staged.isEmpty()) {
            return Collections.emptyNavigableMap();
        }
        TreeMap<ByteString, Optional<KeyRecord>> changes = ordered;
        if (changes == null) {
            changes = new TreeMap<>(ByteString.unsignedLexicographicalComparator());
            for (Map.Entry<HashedKey, Optional<KeyRecord>> change : staged.entrySet()) {
                changes.put(change.getKey().bytes(), change.getValue());
            }
            ordered = changes;
        }
        return changes.subMap(range.start(), true, range.end(), false);
    }

    @Override
    public @Nullable KeyRecord get(ByteString scopedKey) {
        Optional<KeyRecord> change = staged.isEmpty() ? null : staged.get(new HashedKey(scopedKey));
        return change == null ? base.get(scopedKey) : change.orElse(null);
    }

    @Override
    public KeyspaceView.KeyCursor cursor(KeyRange range, boolean descending) {
        NavigableMap<ByteString, Optional<KeyRecord>> changes = changes(range);
        if (changes.isEmpty()) {
            return base.cursor(range, descending);
        }
        return new Cursor(
                base.cursor(range, descending),
                (descending ? changes.descendingMap() : changes).entrySet().iterator(),
                descending);
    }

    @Override
    public long count(KeyRange range) {
        long count = base.count(range);
        for (Map.Entry<ByteString, Optional<KeyRecord>> change : changes(range).entrySet()) {
            boolean before = base.get(change.getKey()) != null;
            count += (change.getValue().isPresent() ? 1 : 0) - (before ? 1 : 0);
        }
        return count;
    }

    /** Merges two ordered sequences; where both have a key, the change wins. */
    private static final class Cursor implements KeyspaceView.KeyCursor {
        private final KeyspaceView.KeyCursor rows;
        private final Iterator<Map.Entry<ByteString, Optional<KeyRecord>>> changes;
        private final int direction;
        private boolean started;
        private boolean rowsValid;
        private Map.@Nullable Entry<ByteString, Optional<KeyRecord>> change;
        private boolean onChange;

        Cursor(
                KeyspaceView.KeyCursor rows,
                Iterator<Map.Entry<ByteString, Optional<KeyRecord>>> changes,
                boolean descending) {
            this.rows = rows;
            this.changes = changes;
            this.direction = descending ? -1 : 1;
        }

        @Override
        public boolean next() {
            if (!started) {
                started = true;
                rowsValid = rows.next();
                nextChange();
            } else if (onChange) {
                nextChange();
            } else {
                rowsValid = rows.next();
            }
            while (rowsValid || change != null) {
                int order = order();
                onChange = order >= 0;
                if (order < 0) {
                    return true;
                }
                if (order == 0) {
                    rowsValid = rows.next();
                }
                if (current().getValue().isPresent()) {
                    return true;
                }
                nextChange();
            }
            return false;
        }

        /** Negative: the row comes first; zero: same key; positive: the change comes first. */
        private int order() {
            if (change == null) {
                return -1;
            }
            if (!rowsValid) {
                return 1;
            }
            return direction
                    * ByteString.unsignedLexicographicalComparator().compare(rows.scopedKey(), change.getKey());
        }

        private void nextChange() {
            change = changes.hasNext() ? changes.next() : null;
        }

        private Map.Entry<ByteString, Optional<KeyRecord>> current() {
            return java.util.Objects.requireNonNull(change, "next() was not called");
        }

        @Override
        public ByteString scopedKey() {
            return onChange ? current().getKey() : rows.scopedKey();
        }

        @Override
        public KeyRecord keyRecord() {
            return onChange ? current().getValue().orElseThrow() : rows.keyRecord();
        }

        @Override
        public void close() {
            rows.close();
        }
    }
}
