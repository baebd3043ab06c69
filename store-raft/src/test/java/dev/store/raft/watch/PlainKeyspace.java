package dev.store.raft.watch;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.Range;
import dev.store.api.v1.RangeResult;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnResult;
import dev.store.raft.keyspace.History;
import dev.store.raft.keyspace.KeyEvent;
import dev.store.raft.keyspace.KeyRange;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.keyspace.RevisionEvents;
import dev.store.raft.keyspace.ScopedKey;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A keyspace in a list: every revision's events, and what follows from them. */
final class PlainKeyspace implements WatchSource, History {
    private final List<RevisionEvents> revisions = new ArrayList<>();
    private long compactRevision;
    private int reads;
    private int openViews;
    private @Nullable RuntimeException failure;

    static ByteString key(String name) {
        return ScopedKey.of("", ByteString.copyFromUtf8(name));
    }

    static KeyRange all() {
        return KeyRange.prefix(key(""));
    }

    static KeyRange prefix(String name) {
        return KeyRange.prefix(key(name));
    }

    /** Puts keys, or deletes those whose value is null, at one revision. */
    RevisionEvents change(Map<String, @Nullable String> changes) {
        long revision = revisions.size() + 1L;
        Map<ByteString, KeyRecord> before = contents(revision - 1);
        List<KeyEvent> events = new ArrayList<>();
        changes.forEach((name, value) -> {
            KeyRecord old = before.get(key(name));
            KeyRecord now = value == null ? null : record(value, revision, old);
            events.add(new KeyEvent(key(name), revision, now, old, revision * 10, "tester"));
        });
        RevisionEvents made = new RevisionEvents(revision, events);
        revisions.add(made);
        return made;
    }

    RevisionEvents put(String name, String value) {
        return change(Map.of(name, value));
    }

    RevisionEvents delete(String name) {
        Map<String, @Nullable String> changes = new LinkedHashMap<>();
        changes.put(name, null);
        return change(changes);
    }

    void compact(long revision) {
        compactRevision = revision;
    }

    /** Every read fails with this from now on; null ends that. */
    void failWith(@Nullable RuntimeException newFailure) {
        failure = newFailure;
    }

    int reads() {
        return reads;
    }

    int openViews() {
        return openViews;
    }

    @Override
    public History history() {
        if (failure != null) {
            throw failure;
        }
        return this;
    }

    @Override
    public long currentRevision() {
        return revisions.size();
    }

    @Override
    public long compactRevision() {
        return compactRevision;
    }

    @Override
    public long revisionAt(long atMs) {
        return Math.min(currentRevision(), atMs / 10);
    }

    @Override
    public HistoryPage read(long from, long through, KeyRange range, int maxBytes, boolean withPrevious) {
        if (from < compactRevision) {
            throw new StoreException(
                    ErrorCode.COMPACTED, "revision: " + from + " (expected: >= " + compactRevision + ")");
        }
        reads++;
        List<RevisionEvents> page = new ArrayList<>();
        int bytes = 0;
        long revision = from;
        for (; revision <= Math.min(through, currentRevision()) && bytes < maxBytes; revision++) {
            List<KeyEvent> matching = new ArrayList<>();
            for (KeyEvent event : revisions.get((int) revision - 1).events()) {
                if (range.contains(event.scopedKey())) {
                    matching.add(withPrevious ? event : withoutPrevious(event));
                    bytes += event.sizeBytes();
                }
            }
            if (!matching.isEmpty()) {
                page.add(new RevisionEvents(revision, matching));
            }
        }
        return new HistoryPage(page, revision - 1);
    }

    @Override
    public KeyspaceView view() {
        if (failure != null) {
            throw failure;
        }
        openViews++;
        return new View(currentRevision());
    }

    private NavigableMap<ByteString, KeyRecord> contents(long atRevision) {
        TreeMap<ByteString, KeyRecord> contents = new TreeMap<>(ByteString.unsignedLexicographicalComparator());
        for (RevisionEvents revision : revisions.subList(0, (int) atRevision)) {
            for (KeyEvent event : revision.events()) {
                if (event.current() == null) {
                    contents.remove(event.scopedKey());
                } else {
                    contents.put(event.scopedKey(), event.current());
                }
            }
        }
        return contents;
    }

    private static KeyEvent withoutPrevious(KeyEvent event) {
        return new KeyEvent(event.scopedKey(), event.revision(), event.current(), null, event.atMs(), event.by());
    }

    private static KeyRecord record(String value, long revision, @Nullable KeyRecord old) {
        return new KeyRecord(
                ByteString.copyFromUtf8(value),
                old == null ? revision : old.createRevision(),
                revision,
                old == null ? 1 : old.version() + 1,
                0,
                revision * 10,
                revision * 10,
                "tester");
    }

    private final class View implements KeyspaceView {
        private final long revision;

        View(long revision) {
            this.revision = revision;
        }

        @Override
        public long revision() {
            return revision;
        }

        @Override
        public long compactRevision() {
            return compactRevision;
        }

        @Override
        public Optional<KeyRecord> get(ByteString scopedKey, long atRevision) {
            throw new UnsupportedOperationException();
        }

        @Override
        public RangeResult range(String namespace, Range range) {
            throw new UnsupportedOperationException();
        }

        @Override
        public TxnResult readOnlyTxn(String namespace, Txn txn) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ContentHash hash(long atRevision) {
            throw new UnsupportedOperationException();
        }

        @Override
        public KeyCursor scan(KeyRange range, long atRevision) {
            if (atRevision < compactRevision) {
                throw new StoreException(ErrorCode.COMPACTED, "revision: " + atRevision);
            }
            return new Cursor(contents(atRevision)
                    .subMap(range.start(), range.end())
                    .entrySet()
                    .iterator());
        }

        @Override
        public void close() {
            openViews--;
        }
    }

    private static final class Cursor implements KeyspaceView.KeyCursor {
        private final Iterator<Map.Entry<ByteString, KeyRecord>> entries;
        private Map.@Nullable Entry<ByteString, KeyRecord> at;

        Cursor(Iterator<Map.Entry<ByteString, KeyRecord>> entries) {
            this.entries = entries;
        }

        @Override
        public boolean next() {
            at = entries.hasNext() ? entries.next() : null;
            return at != null;
        }

        @Override
        public ByteString scopedKey() {
            return entry().getKey();
        }

        @Override
        public KeyRecord keyRecord() {
            return entry().getValue();
        }

        @Override
        public void close() {}

        private Map.Entry<ByteString, KeyRecord> entry() {
            if (at == null) {
                throw new IllegalStateException("cursor: not on an entry");
            }
            return at;
        }
    }
}
