package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import dev.store.raft.storage.OrderedReader;
import dev.store.raft.storage.OrderedStore;
import dev.store.raft.storage.RowCursor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the revision log. */
final class StoredHistory implements History {
    /** Rows looked at in one call at the most, so that a narrow watch over a long history shares the thread. */
    private static final int MAX_ROWS = 20_000;

    private final OrderedStore store;
    private final Supplier<MetaState> published;

    StoredHistory(OrderedStore store, Supplier<MetaState> published) {
        this.store = store;
        this.published = published;
    }

    @Override
    public long currentRevision() {
        return published.get().revision();
    }

    @Override
    public long compactRevision() {
        return published.get().compactRevision();
    }

    @Override
    public HistoryPage read(
            long fromRevision, long throughRevision, KeyRange range, int maxBytes, boolean withPrevious) {
        try (OrderedReader reader = store.snapshot()) {
            MetaState meta = meta(reader);
            if (fromRevision < meta.compactRevision()) {
                throw StoredView.compacted(fromRevision, meta.compactRevision());
            }
            long through = Math.min(throughRevision, meta.revision());
            if (fromRevision > through) {
                return new HistoryPage(List.of(), through);
            }
            return new PageReader(reader, range, withPrevious).read(fromRevision, through, maxBytes);
        }
    }

    @Override
    public long revisionAt(long wallTimeMs) {
        try (OrderedReader reader = store.snapshot()) {
            MetaState meta = meta(reader);
            long low = meta.compactRevision();
            long high = meta.revision();
            // Invariant: revision `low` is at or before the time (or the compaction revision), `high + 1` is after it.
            while (low < high) {
                long middle = low + (high - low + 1) / 2;
                if (timeOf(reader, middle) <= wallTimeMs) {
                    low = middle;
                } else {
                    high = middle - 1;
                }
            }
            return low;
        }
    }

    private static long timeOf(OrderedReader reader, long revision) {
        try (RowCursor rows = reader.cursor(Rows.revisionStart(revision), Rows.revisionStart(revision + 1))) {
            if (!rows.first()) {
                throw new IllegalStateException("history: no change at revision " + revision + " (expected: one)");
            }
            return LoggedChange.decode(rows.value()).atMs();
        }
    }

    private static MetaState meta(OrderedReader reader) {
        byte[] row = reader.get(Rows.META_STATE);
        return row == null ? MetaState.EMPTY : MetaState.decode(row);
    }

    /** Collects whole revisions. */
    private static final class PageReader {
        private final OrderedReader reader;
        private final KeyRange range;
        private final boolean withPrevious;
        private final List<RevisionEvents> revisions = new ArrayList<>();
        private final List<Ordered> ofRevision = new ArrayList<>();
        private long bytes;

        private record Ordered(int ordinal, KeyEvent event) {}

        PageReader(OrderedReader reader, KeyRange range, boolean withPrevious) {
            this.reader = reader;
            this.range = range;
            this.withPrevious = withPrevious;
        }

        HistoryPage read(long from, long through, int maxBytes) {
            try (RowCursor rows = reader.cursor(Rows.revisionStart(from), Rows.revisionStart(through + 1))) {
                long revision = from;
                int looked = 0;
                for (boolean valid = rows.first(); valid; valid = rows.next()) {
                    byte[] row = rows.key();
                    long next = Rows.revisionOf(row);
                    if (next != revision) {
                        endRevision(revision);
                        if (bytes >= maxBytes || looked >= MAX_ROWS) {
                            return new HistoryPage(revisions, next - 1);
                        }
                        revision = next;
                    }
                    looked++;
                    ByteString key = Rows.keyOfRevision(row);
                    if (range.contains(key)) {
                        add(revision, key, LoggedChange.decode(rows.value()));
                    }
                }
                endRevision(revision);
                return new HistoryPage(revisions, through);
            }
        }

        private void add(long revision, ByteString key, LoggedChange change) {
            KeyRecord previous =
                    withPrevious && change.previousRevision() != 0 ? previous(key, change.previousRevision()) : null;
            KeyEvent event = new KeyEvent(key, revision, change.current(), previous, change.atMs(), change.by());
            ofRevision.add(new Ordered(change.ordinal(), event));
            bytes += event.sizeBytes();
        }

        private @Nullable KeyRecord previous(ByteString key, long revision) {
            byte[] row = reader.get(Rows.revision(revision, key));
            return row == null ? null : LoggedChange.decode(row).current();
        }

        private void endRevision(long revision) {
            if (!ofRevision.isEmpty()) {
                ofRevision.sort(Comparator.comparingInt(Ordered::ordinal));
                revisions.add(new RevisionEvents(
                        revision, ofRevision.stream().map(Ordered::event).toList()));
                ofRevision.clear();
            }
        }
    }
}
