package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.Compare;
import dev.store.api.v1.Delete;
import dev.store.api.v1.DeleteResult;
import dev.store.api.v1.LockGuard;
import dev.store.api.v1.Put;
import dev.store.api.v1.PutResult;
import dev.store.api.v1.Range;
import dev.store.api.v1.RangeResult;
import dev.store.raft.lease.LeaseState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One command's changes of keys before they take effect: if the command fails on the way, the mutation is dropped and
 * nothing has happened.
 */
final class Mutation implements TxnEvaluator.Effects {
    private final StagedRecords records;
    private final LeaseTable leases;
    private final Stamp stamp;
    private final List<KeyEvent> events = new ArrayList<>();
    /** Keys more or fewer on each lease. */
    private final Map<Long, Integer> attached = new TreeMap<>();

    /**
     * What every change of a command carries.
     *
     * @param scope what the keys are relative to
     * @param revision revision at which the command will take effect if it changes anything
     * @param atMs time of the change, ms since 1970
     * @param by who asked
     */
    record Stamp(Scope scope, long revision, long atMs, String by) {}

    Mutation(RecordSource base, LeaseTable leases, Stamp stamp) {
        this.records = new StagedRecords(base);
        this.leases = leases;
        this.stamp = stamp;
    }

    /** The changes so far, in order. */
    List<KeyEvent> events() {
        return events;
    }

    @Override
    public void demand(List<LockGuard> locks) {
        LockGuards.demand(records, stamp.scope.namespace(), locks);
    }

    @Override
    public boolean holds(Compare compare) {
        return CompareEvaluator.holds(records, stamp.scope, compare);
    }

    @Override
    public RangeResult range(Range range) {
        // Within a write, a range sees the writes before it; the revision is the one that they will have.
        long revision = events.isEmpty() ? stamp.revision - 1 : stamp.revision;
        return RangeEvaluator.evaluate(records, stamp.scope, range, revision);
    }

    @Override
    public PutResult put(Put put) {
        demand(put.getRequiredLocksList());
        ByteString name = put.getAppendRevision() ? RecordKey.numbered(put.getKey(), stamp.revision) : put.getKey();
        ByteString key = Requests.key(stamp.scope, name);
        KeyRecord previous = records.get(key);
        if (previous == null && (put.getKeepValue() || put.getKeepLease())) {
            throw new StoreException(
                    ErrorCode.KEY_NOT_FOUND,
                    "key: " + Requests.printable(put.getKey()) + " does not exist (expected: a key whose "
                            + (put.getKeepValue() ? "value" : "lease") + " can be kept)");
        }
        ByteString value = previous != null && put.getKeepValue() ? previous.value() : put.getValue();
        long lease = previous != null && put.getKeepLease() ? previous.leaseId() : put.getLeaseId();
        if (lease != 0 && (previous == null || previous.leaseId() != lease)) {
            attach(lease);
        }
        if (previous != null && previous.leaseId() != 0 && previous.leaseId() != lease) {
            attached.merge(previous.leaseId(), -1, Integer::sum);
        }
        KeyRecord current = new KeyRecord(
                value,
                previous == null ? stamp.revision : previous.createRevision(),
                stamp.revision,
                previous == null ? 1 : previous.version() + 1,
                lease,
                previous == null ? stamp.atMs : previous.createdAtMs(),
                stamp.atMs,
                stamp.by);
        change(key, current, previous);
        PutResult.Builder result = PutResult.newBuilder();
        if (put.getReturnPrevious() && previous != null) {
            result.setPrevious(previous.toKeyValue(name, true));
        }
        if (put.getAppendRevision()) {
            result.setKey(name);
        }
        return result.build();
    }

    @Override
    public DeleteResult delete(Delete delete) {
        demand(delete.getRequiredLocksList());
        KeyRange range = Requests.range(stamp.scope, delete.getKeys());
        Map<ByteString, KeyRecord> found = find(range);
        DeleteResult.Builder result = DeleteResult.newBuilder().setDeleted(found.size());
        long bytes = 0;
        for (Map.Entry<ByteString, KeyRecord> entry : found.entrySet()) {
            if (delete.getReturnPrevious()) {
                bytes += entry.getKey().size() + entry.getValue().value().size();
                if (bytes > Limits.RESULT_BYTES) {
                    throw new StoreException(
                            ErrorCode.RESULT_TOO_LARGE,
                            "delete: more than " + Limits.RESULT_BYTES
                                    + " bytes of previous entries (expected: at most that; nothing was deleted)");
                }
                result.addPrevious(entry.getValue().toKeyValue(ScopedKey.key(entry.getKey()), true));
            }
            remove(entry.getKey(), entry.getValue());
        }
        return result.build();
    }

    /** Deletes a key if it exists. */
    void remove(ByteString scopedKey) {
        KeyRecord previous = records.get(scopedKey);
        if (previous != null) {
            remove(scopedKey, previous);
        }
    }

    /** Changes of the number of keys on leases; to be taken over with the events. */
    Map<Long, Integer> attachedChanges() {
        return attached;
    }

    private Map<ByteString, KeyRecord> find(KeyRange range) {
        Map<ByteString, KeyRecord> found = new TreeMap<>(ByteString.unsignedLexicographicalComparator());
        if (range.isSingle()) {
            KeyRecord previous = records.get(range.start());
            return previous == null ? found : Map.of(range.start(), previous);
        }
        try (KeyspaceView.KeyCursor cursor = records.cursor(range, false)) {
            while (cursor.next()) {
                found.put(cursor.scopedKey(), cursor.keyRecord());
            }
        }
        return found;
    }

    private void remove(ByteString scopedKey, KeyRecord previous) {
        if (previous.leaseId() != 0) {
            attached.merge(previous.leaseId(), -1, Integer::sum);
        }
        change(scopedKey, null, previous);
    }

    private void attach(long leaseId) {
        LeaseState lease = leases.get(leaseId);
        if (lease == null || !lease.namespace().equals(stamp.scope.namespace())) {
            throw LeaseTable.notFound(leaseId);
        }
        int count = attached.merge(leaseId, 1, Integer::sum);
        if (lease.attachedKeys() + count > Limits.LEASE_KEYS) {
            throw new StoreException(
                    ErrorCode.TOO_LARGE,
                    "lease_id: " + leaseId + " has " + lease.attachedKeys() + " keys (expected: at most "
                            + Limits.LEASE_KEYS + " on one lease)");
        }
    }

    private void change(ByteString key, @Nullable KeyRecord current, @Nullable KeyRecord previous) {
        records.stage(key, current);
        events.add(new KeyEvent(key, stamp.revision, current, previous, stamp.atMs, stamp.by));
    }
}
