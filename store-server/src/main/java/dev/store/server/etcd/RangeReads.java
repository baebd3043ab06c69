package dev.store.server.etcd;

import com.google.protobuf.ByteString;
import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.raft.keyspace.KeyRange;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.keyspace.ScopedKey;
import dev.store.server.etcd.v3.RangeRequest;
import dev.store.server.etcd.v3.RangeRequest.SortOrder;
import dev.store.server.etcd.v3.RangeRequest.SortTarget;
import dev.store.server.etcd.v3.ResponseHeader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Evaluates one range of a view just as etcd 3.4 does (server/apply.go and mvcc/kvstore_txn.go there), which differs from
 * Store's own ranges: it counts all keys of the range, whatever filters and limit leave out, and its answer is whole
 * however large, so that it has a bound here.
 */
final class RangeReads {
    private final KeyspaceView view;
    private final RangeRequest request;
    private final long revision;
    private final long limit;
    private final boolean sorts;
    /** Whether one more than the limit is all that is looked at: etcd does not sort more without an order, only a target. */
    private final boolean stopsBehindLimit;

    private final RangeAnswer answer = new RangeAnswer();
    private final List<Candidate> candidates = new ArrayList<>();
    private long found;
    private long bytes;
    private long count;

    private record Candidate(ByteString key, KeyRecord found) {}

    private RangeReads(KeyspaceView view, RangeRequest request) {
        this.view = view;
        this.request = request;
        this.revision = Math.max(0, request.getRevision());
        this.limit = request.getLimit() <= 0 ? Long.MAX_VALUE : request.getLimit();
        this.sorts = request.getSortTarget() != SortTarget.KEY || request.getSortOrder() == SortOrder.DESCEND;
        this.stopsBehindLimit = !sorts || (request.getSortOrder() == SortOrder.NONE && !filters(request));
    }

    /** Whether the request means the newest record of one key and nothing besides. */
    static boolean isPlainGet(RangeRequest request) {
        return request.getRangeEnd().isEmpty()
                && request.getRevision() <= 0
                && !request.getCountOnly()
                && !filters(request);
    }

    /** The encoded answer. */
    static ByteString evaluate(KeyspaceView view, RangeRequest request, ResponseHeader header) {
        RangeReads reads = new RangeReads(view, request);
        if (KeySelection.isEmpty(request.getKey(), request.getRangeEnd())) {
            // Also where no key is meant, the revision must be one that can be read.
            view.count(KeySelection.range(request.getKey(), ByteString.EMPTY), reads.revision);
        } else {
            reads.read(KeySelection.range(request.getKey(), request.getRangeEnd()));
        }
        return reads.answer.done(header, reads.found > reads.limit, reads.count);
    }

    private void read(KeyRange keys) {
        if (request.getCountOnly()) {
            count = view.count(keys, revision);
            return;
        }
        try (KeyspaceView.KeyCursor cursor = view.scan(keys, revision)) {
            while (cursor.next()) {
                count++;
                if (take(cursor)) {
                    count += countAfter(cursor.scopedKey(), keys);
                    break;
                }
            }
        }
        if (sorts) {
            candidates.sort(order());
            candidates.stream().limit(limit).forEach(candidate -> add(candidate.key, candidate.found));
        }
    }

    private long countAfter(ByteString scopedKey, KeyRange keys) {
        ByteString next = KeyRange.single(scopedKey).end();
        return next.equals(keys.end()) ? 0 : view.count(new KeyRange(next, keys.end()), revision);
    }

    /** Takes an entry, and tells whether the rest of them can only be counted. */
    private boolean take(KeyspaceView.KeyCursor cursor) {
        KeyRecord current = cursor.keyRecord();
        if (isFilteredOut(current)) {
            return false;
        }
        found++;
        boolean behindLimit = found > limit && stopsBehindLimit;
        if (behindLimit && !sorts) {
            return true;
        }
        ByteString key = ScopedKey.key(cursor.scopedKey());
        boolean heldValue = sorts ? holdsValues() : !request.getKeysOnly();
        bytes += key.size() + (heldValue ? current.value().size() : 0);
        if (bytes > Limits.ETCD_RANGE_BYTES) {
            throw new StoreException(
                    ErrorCode.RESULT_TOO_LARGE,
                    "range: more than " + Limits.ETCD_RANGE_BYTES
                            + " bytes (expected: at most that; ask with a limit)");
        }
        if (sorts) {
            candidates.add(new Candidate(key, heldValue ? current : current.withoutValue()));
        } else {
            add(key, current);
        }
        return behindLimit;
    }

    private boolean holdsValues() {
        return !request.getKeysOnly() || request.getSortTarget() == SortTarget.VALUE;
    }

    private void add(ByteString key, KeyRecord current) {
        answer.add(key, current, !request.getKeysOnly());
    }

    private static boolean filters(RangeRequest request) {
        return request.getMinModRevision() != 0
                || request.getMaxModRevision() != 0
                || request.getMinCreateRevision() != 0
                || request.getMaxCreateRevision() != 0;
    }

    private boolean isFilteredOut(KeyRecord current) {
        return isOutside(current.modRevision(), request.getMinModRevision(), request.getMaxModRevision())
                || isOutside(current.createRevision(), request.getMinCreateRevision(), request.getMaxCreateRevision());
    }

    private static boolean isOutside(long revision, long min, long max) {
        return (min != 0 && revision < min) || (max != 0 && revision > max);
    }

    /** Equal ones stay in the order of their keys, as the sort is stable. */
    private Comparator<Candidate> order() {
        Comparator<ByteString> bytewise = ByteString.unsignedLexicographicalComparator();
        Comparator<Candidate> order =
                switch (request.getSortTarget()) {
                    case KEY -> Comparator.comparing(Candidate::key, bytewise);
                    case VERSION -> Comparator.comparingLong(candidate -> candidate.found.version());
                    case CREATE -> Comparator.comparingLong(candidate -> candidate.found.createRevision());
                    case MOD -> Comparator.comparingLong(candidate -> candidate.found.modRevision());
                    case VALUE -> Comparator.comparing(candidate -> candidate.found.value(), bytewise);
                    case UNRECOGNIZED -> throw new StoreException(ErrorCode.INVALID_ARGUMENT, "sort_target: unknown");
                };
        return request.getSortOrder() == SortOrder.DESCEND ? order.reversed() : order;
    }
}
