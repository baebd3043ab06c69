package dev.store.server.etcd;

import com.google.protobuf.ByteString;
import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.raft.keyspace.KeyRange;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.keyspace.ScopedKey;
import dev.store.server.etcd.v3.KeyValue;
import dev.store.server.etcd.v3.RangeRequest;
import dev.store.server.etcd.v3.RangeRequest.SortOrder;
import dev.store.server.etcd.v3.RangeRequest.SortTarget;
import dev.store.server.etcd.v3.RangeResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Evaluates one range of a view just as etcd 3.4 does (server/apply.go and mvcc/kvstore_txn.go there), which differs from
 * Store's own ranges: it counts all keys of the range, whatever filters and limit leave out, and its answer is whole
 * however large, so that it has a bound here.
 */
final class RangeReads {
    private final RangeRequest request;
    private final long fetchLimit;
    private final boolean dropValues;
    private final List<KeyValue> found = new ArrayList<>();
    private long bytes;
    private long count;

    private RangeReads(RangeRequest request) {
        this.request = request;
        // One more tells whether there are more; what is sorted or filtered is cut only afterwards.
        this.fetchLimit = request.getLimit() <= 0 || filters(request) || request.getSortOrder() != SortOrder.NONE
                ? Long.MAX_VALUE
                : request.getLimit() + 1;
        this.dropValues = request.getKeysOnly() && request.getSortTarget() != SortTarget.VALUE;
    }

    /** Whether the request means the newest record of one key and nothing besides. */
    static boolean isPlainGet(RangeRequest request) {
        return request.getRangeEnd().isEmpty()
                && request.getRevision() <= 0
                && !request.getCountOnly()
                && !filters(request);
    }

    static RangeResponse.Builder evaluate(KeyspaceView view, RangeRequest request) {
        RangeReads reads = new RangeReads(request);
        boolean nothing = KeySelection.isEmpty(request.getKey(), request.getRangeEnd());
        KeyRange keys = nothing
                ? KeySelection.range(request.getKey(), ByteString.EMPTY)
                : KeySelection.range(request.getKey(), request.getRangeEnd());
        // Also where no key is meant, the revision must be one that can be read.
        try (KeyspaceView.KeyCursor cursor = view.scan(keys, Math.max(0, request.getRevision()))) {
            while (!nothing && cursor.next()) {
                reads.take(cursor);
            }
        }
        return reads.answer();
    }

    private void take(KeyspaceView.KeyCursor cursor) {
        count++;
        if (request.getCountOnly() || found.size() >= fetchLimit) {
            return;
        }
        KeyRecord current = cursor.keyRecord();
        if (isFilteredOut(current)) {
            return;
        }
        ByteString key = ScopedKey.key(cursor.scopedKey());
        bytes += key.size() + (dropValues ? 0 : current.value().size());
        if (bytes > Limits.ETCD_RANGE_BYTES) {
            throw new StoreException(
                    ErrorCode.RESULT_TOO_LARGE,
                    "range: more than " + Limits.ETCD_RANGE_BYTES
                            + " bytes (expected: at most that; ask with a limit)");
        }
        found.add(Entries.of(key, current, !dropValues));
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

    private RangeResponse.Builder answer() {
        if (request.getSortOrder() == SortOrder.DESCEND) {
            found.sort(order(request.getSortTarget()).reversed());
        } else if (request.getSortTarget() != SortTarget.KEY) {
            found.sort(order(request.getSortTarget()));
        }
        boolean more = request.getLimit() > 0 && found.size() > request.getLimit();
        List<KeyValue> kept = more ? found.subList(0, Math.toIntExact(request.getLimit())) : found;
        RangeResponse.Builder answer = RangeResponse.newBuilder().setMore(more).setCount(count);
        for (KeyValue entry : kept) {
            answer.addKvs(
                    request.getKeysOnly() && !dropValues
                            ? entry.toBuilder().clearValue().build()
                            : entry);
        }
        return answer;
    }

    private static Comparator<KeyValue> order(SortTarget target) {
        Comparator<ByteString> bytes = ByteString.unsignedLexicographicalComparator();
        return switch (target) {
            case KEY -> Comparator.comparing(KeyValue::getKey, bytes);
            case VERSION -> Comparator.comparingLong(KeyValue::getVersion);
            case CREATE -> Comparator.comparingLong(KeyValue::getCreateRevision);
            case MOD -> Comparator.comparingLong(KeyValue::getModRevision);
            case VALUE -> Comparator.comparing(KeyValue::getValue, bytes);
            case UNRECOGNIZED -> throw new StoreException(ErrorCode.INVALID_ARGUMENT, "sort_target: unknown");
        };
    }
}
