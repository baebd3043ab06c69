package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.Range;
import dev.store.api.v1.RangeResult;
import dev.store.api.v1.SortOrder;
import dev.store.api.v1.SortTarget;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Evaluates one range over records: filters, sorting, pages, counts. */
final class RangeEvaluator {
    /** Most bytes of values held while sorting by value. */
    private static final long SORTED_BYTES = 64L << 20;

    private final RecordSource records;
    private final Scope scope;
    private final Range range;
    private final long revision;

    private RangeEvaluator(RecordSource records, Scope scope, Range range, long revision) {
        this.records = records;
        this.scope = scope;
        this.range = range;
        this.revision = revision;
    }

    /**
     * Evaluates a validated range.
     *
     * @param records records at the revision
     * @param revision the revision to report
     */
    static RangeResult evaluate(RecordSource records, Scope scope, Range range, long revision) {
        RangeEvaluator evaluator = new RangeEvaluator(records, scope, range, revision);
        KeyRange keys = Requests.range(scope, range.getKeys());
        if (range.getCountOnly()) {
            return RangeResult.newBuilder()
                    .setCount(evaluator.count(keys))
                    .setRevision(revision)
                    .build();
        }
        return range.getSortBy() == SortTarget.SORT_TARGET_KEY ? evaluator.page(keys) : evaluator.sorted(keys);
    }

    private long count(KeyRange keys) {
        if (!filters()) {
            return records.count(keys);
        }
        long count = 0;
        try (KeyspaceView.KeyCursor cursor = records.cursor(keys, false)) {
            while (cursor.next()) {
                if (matches(cursor)) {
                    count++;
                }
            }
        }
        return count;
    }

    private RangeResult page(KeyRange all) {
        boolean descending = range.getSortOrder() == SortOrder.SORT_ORDER_DESCENDING;
        Continuation from = Continuation.of(scope, range);
        KeyRange keys = from == null ? all : from.rest(all, descending);
        Page page = new Page();
        long beyond = 0;
        ByteString last = ByteString.EMPTY;
        try (KeyspaceView.KeyCursor cursor = records.cursor(keys, descending)) {
            while (cursor.next()) {
                if (!matches(cursor)) {
                    continue;
                }
                if (beyond == 0) {
                    ByteString key = cursor.scopedKey();
                    if (page.add(key, cursor.keyRecord())) {
                        last = key;
                        continue;
                    }
                }
                beyond++;
                if (!range.getWithCount() || from != null) {
                    break;
                }
                if (!filters()) {
                    beyond = records.count(after(last, keys, descending));
                    break;
                }
            }
        }
        long entries = page.result.getEntriesCount();
        page.result.setMore(beyond > 0);
        boolean counted = from == null && (beyond == 0 || range.getWithCount());
        page.result.setCount(counted ? entries + beyond : -1);
        if (beyond > 0) {
            page.result.setContinuation(new Continuation(revision, last).encode(scope, range));
        }
        return page.result.build();
    }

    /** What is left of a range after a key of it, in the order of reading; some key is left. */
    private static KeyRange after(ByteString last, KeyRange keys, boolean descending) {
        return descending
                ? new KeyRange(keys.start(), last)
                : new KeyRange(KeyRange.single(last).end(), keys.end());
    }

    private RangeResult sorted(KeyRange keys) {
        if (!range.getContinuation().isEmpty()) {
            throw Requests.invalid("continuation: set (expected: empty where sort_by is not KEY)");
        }
        boolean byValue = range.getSortBy() == SortTarget.SORT_TARGET_VALUE;
        List<Candidate> candidates = candidates(keys, byValue);
        Comparator<Candidate> order = order();
        if (range.getSortOrder() == SortOrder.SORT_ORDER_DESCENDING) {
            order = order.reversed();
        }
        // Equal ones stay in ascending key order: the sort is stable.
        candidates.sort(order);
        Page page = new Page();
        boolean more = false;
        for (Candidate candidate : candidates) {
            KeyRecord full = byValue || range.getKeysOnly() ? candidate.keyRecord : records.get(candidate.key);
            if (full == null || !page.add(candidate.key, full)) {
                more = true;
                break;
            }
        }
        return page.result.setMore(more).setCount(candidates.size()).build();
    }

    private List<Candidate> candidates(KeyRange keys, boolean withValues) {
        List<Candidate> candidates = new ArrayList<>();
        long bytes = 0;
        try (KeyspaceView.KeyCursor cursor = records.cursor(keys, false)) {
            while (cursor.next()) {
                if (!matches(cursor)) {
                    continue;
                }
                KeyRecord keyRecord = cursor.keyRecord();
                bytes += withValues ? keyRecord.value().size() : 0;
                if (candidates.size() == Limits.SORTED_ENTRIES || bytes > SORTED_BYTES) {
                    throw new StoreException(
                            ErrorCode.RESULT_TOO_LARGE,
                            "range: more than " + candidates.size() + " entries to sort by " + range.getSortBy()
                                    + " (expected: at most " + Limits.SORTED_ENTRIES + " entries and " + SORTED_BYTES
                                    + " bytes; narrow the range or sort by key)");
                }
                candidates.add(new Candidate(cursor.scopedKey(), withValues ? keyRecord : keyRecord.withoutValue()));
            }
        }
        return candidates;
    }

    private Comparator<Candidate> order() {
        return switch (range.getSortBy()) {
            case SORT_TARGET_VERSION -> Comparator.comparingLong(c -> c.keyRecord.version());
            case SORT_TARGET_CREATE_REVISION -> Comparator.comparingLong(c -> c.keyRecord.createRevision());
            case SORT_TARGET_MOD_REVISION -> Comparator.comparingLong(c -> c.keyRecord.modRevision());
            case SORT_TARGET_VALUE ->
                Comparator.comparing(c -> c.keyRecord.value(), ByteString.unsignedLexicographicalComparator());
            case SORT_TARGET_KEY, UNRECOGNIZED -> throw new IllegalStateException("sort_by: " + range.getSortBy());
        };
    }

    private boolean matches(KeyspaceView.KeyCursor cursor) {
        if (!filters()) {
            return true;
        }
        KeyRecord found = cursor.keyRecord();
        return within(found.modRevision(), range.getMinModRevision(), range.getMaxModRevision())
                && within(found.createRevision(), range.getMinCreateRevision(), range.getMaxCreateRevision());
    }

    private boolean filters() {
        return range.getMinModRevision() != 0
                || range.getMaxModRevision() != 0
                || range.getMinCreateRevision() != 0
                || range.getMaxCreateRevision() != 0;
    }

    private static boolean within(long value, long min, long max) {
        return value >= min && (max == 0 || value <= max);
    }

    private record Candidate(ByteString key, KeyRecord keyRecord) {}

    /** Entries up to the limits of a page; the first one always fits. */
    private final class Page {
        private final RangeResult.Builder result = RangeResult.newBuilder().setRevision(revision);
        private final long maxEntries = range.getLimit() == 0 ? Limits.PAGE_ENTRIES : range.getLimit();
        private final long maxBytes = range.getMaxBytes() == 0 ? Limits.DEFAULT_PAGE_BYTES : range.getMaxBytes();
        private long bytes;

        boolean add(ByteString scopedKey, KeyRecord keyRecord) {
            ByteString key = ScopedKey.key(scopedKey);
            int size = key.size() + (range.getKeysOnly() ? 0 : keyRecord.value().size());
            int entries = result.getEntriesCount();
            if (entries >= maxEntries || (entries > 0 && bytes + size > maxBytes)) {
                return false;
            }
            bytes += size;
            result.addEntries(keyRecord.toKeyValue(key, !range.getKeysOnly()));
            return true;
        }
    }
}
