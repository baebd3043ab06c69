package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import dev.store.raft.storage.OrderedReader;
import dev.store.raft.storage.RowCursor;
import org.jspecify.annotations.Nullable;

/**
 * Records as they were not long ago: the newest ones, with the few changes since then taken back. Lists are read page by
 * page at the revision of the first page, while others write on; to go over the history of each key, as
 * {@link PastRecords} must, costs some twenty times as much a key.
 */
final class RewoundRecords implements RecordSource {
    /** Most revisions that are taken back. */
    static final int REVISIONS = 1_000;

    private final OrderedReader reader;
    private final RecordSource newest;
    private final PastRecords past;
    private final long revision;
    private final long newestRevision;
    private @Nullable StagedRecords rewound;

    /**
     * Makes the records of a revision.
     *
     * @param newest the records at the newest revision that the reader shows
     */
    RewoundRecords(OrderedReader reader, RecordSource newest, long revision, long newestRevision) {
        this.reader = reader;
        this.newest = newest;
        this.past = new PastRecords(reader, revision);
        this.revision = revision;
        this.newestRevision = newestRevision;
    }

    @Override
    public @Nullable KeyRecord get(ByteString scopedKey) {
        return past.get(scopedKey);
    }

    @Override
    public KeyspaceView.KeyCursor cursor(KeyRange range, boolean descending) {
        return rewound().cursor(range, descending);
    }

    @Override
    public long count(KeyRange range) {
        return rewound().count(range);
    }

    private StagedRecords rewound() {
        StagedRecords records = rewound;
        if (records == null) {
            records = new StagedRecords(newest);
            rewind(records);
            rewound = records;
        }
        return records;
    }

    private void rewind(StagedRecords records) {
        try (RowCursor rows = reader.cursor(Rows.revisionStart(revision + 1), Rows.revisionStart(newestRevision + 1))) {
            for (boolean valid = rows.first(); valid; valid = rows.next()) {
                ByteString key = Rows.keyOfRevision(rows.key());
                // The first change since then tells what was there; those after it do not matter.
                if (!records.isStaged(key)) {
                    long before = LoggedChange.decode(rows.value()).previousRevision();
                    records.stage(key, before == 0 ? null : past.recordAt(key, before));
                }
            }
        }
    }
}
