package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
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
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnResult;
import dev.store.raft.storage.OrderedReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/** A view on a pinned state of the storage; its revision is read from that state too, so both always agree. */
final class StoredView implements KeyspaceView {
    private final OrderedReader reader;
    private final CountedKeys counted;
    private final MetaState meta;

    StoredView(OrderedReader reader, CountedKeys counted) {
        this.reader = reader;
        this.counted = counted;
        byte[] row = reader.get(Rows.META_STATE);
        this.meta = row == null ? MetaState.EMPTY : MetaState.decode(row);
    }

    @Override
    public long revision() {
        return meta.revision();
    }

    @Override
    public long compactRevision() {
        return meta.compactRevision();
    }

    @Override
    public Optional<KeyRecord> get(ByteString scopedKey, long revision) {
        return Optional.ofNullable(records(revision).get(scopedKey));
    }

    @Override
    public RangeResult range(String namespace, Range range) {
        Scope scope = Scope.user(namespace);
        Continuation from = Continuation.of(scope, range);
        long revision = from == null ? range.getRevision() : from.revision();
        return RangeEvaluator.evaluate(records(revision), scope, range, effective(revision));
    }

    @Override
    public TxnResult readOnlyTxn(String namespace, Txn txn) {
        return new TxnEvaluator(new ReadOnly(Scope.user(namespace))).evaluate(txn);
    }

    @Override
    public KeyCursor scan(KeyRange range, long revision) {
        return records(revision).cursor(range, false);
    }

    @Override
    public long count(KeyRange range, long revision) {
        return records(revision).count(range);
    }

    @Override
    public ContentHash hash(long revision) {
        long hash = 0;
        long entries = 0;
        CRC32C crc = new CRC32C();
        try (KeyCursor cursor = records(revision).cursor(CurrentRecords.EVERYTHING, false)) {
            while (cursor.next()) {
                crc.reset();
                crc.update(cursor.scopedKey().asReadOnlyByteBuffer());
                long key = crc.getValue();
                KeyRecord found = cursor.keyRecord();
                crc.update(LoggedChange.encodeRecord(
                                new RowWriter(48 + found.value().size()), found)
                        .done());
                hash = Hashes.mix(hash, key << 32 | crc.getValue());
                entries++;
            }
        }
        return new ContentHash(hash, entries);
    }

    @Override
    public void close() {
        reader.close();
    }

    private long effective(long revision) {
        return revision == 0 ? meta.revision() : revision;
    }

    private RecordSource records(long revision) {
        if (revision == 0 || revision == meta.revision()) {
            return counting(new CurrentRecords(reader));
        }
        if (revision > meta.revision()) {
            throw new StoreException(
                    ErrorCode.FUTURE_REVISION,
                    "revision: " + revision + " (expected: at most the current one, " + meta.revision() + ")",
                    Map.of("current_revision", Long.toString(meta.revision())),
                    null);
        }
        if (revision < meta.compactRevision()) {
            throw compacted(revision, meta.compactRevision());
        }
        return meta.revision() - revision <= RewoundRecords.REVISIONS
                ? new RewoundRecords(reader, counting(new CurrentRecords(reader)), revision, meta.revision())
                : new PastRecords(reader, revision);
    }

    private RecordSource counting(CurrentRecords records) {
        return new CountingRecords(records, counted, meta.applied().index());
    }

    static StoreException compacted(long revision, long compactRevision) {
        return new StoreException(
                ErrorCode.COMPACTED,
                "revision: " + revision + " (expected: at least the compaction revision, " + compactRevision + ")",
                Map.of("compact_revision", Long.toString(compactRevision)),
                null);
    }

    /** Lets a transaction read only; that it does no more was checked before. */
    private final class ReadOnly implements TxnEvaluator.Effects {
        private final Scope scope;

        ReadOnly(Scope scope) {
            this.scope = scope;
        }

        @Override
        public void demand(List<LockGuard> locks) {
            LockGuards.demand(records(0), scope.namespace(), locks);
        }

        @Override
        public boolean holds(Compare compare) {
            return CompareEvaluator.holds(records(0), scope, compare);
        }

        @Override
        public PutResult put(Put put) {
            throw new IllegalStateException("put in a transaction that reads");
        }

        @Override
        public DeleteResult delete(Delete delete) {
            throw new IllegalStateException("delete in a transaction that reads");
        }

        @Override
        public RangeResult range(Range range) {
            return RangeEvaluator.evaluate(records(range.getRevision()), scope, range, effective(range.getRevision()));
        }
    }
}
