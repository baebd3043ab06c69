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

    /** Most keys, as one revision may have changed very many. */
    static final int KEYS = 10_000;

    /** Most bytes of their values. */
    private static final long BYTES = 16L << 20;

    private final OrderedReader reader;
    private final RecordSource newest;
    private final PastRecords past;
    private final long revision;
    private final long newestRevision;
    private @Nullable RecordSource rewound;

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

    private RecordSource rewound() {
        RecordSource records = rewound;
        if (records == null) {
            StagedRecords staged = new StagedRecords(newest);
            records = rewind(staged) ? staged : past;
            rewound = records;
        }
        return records;
    }

    /** Takes the changes back; false if they are too many. */
    private boolean rewind(StagedRecords records) {
        int keys = 0;
        long bytes = 0;
        try (RowCursor rows = reader.cursor(Rows.revisionStart(revision + 1), Rows.revisionStart(newestRevision + 1))) {
            for (boolean valid = rows.first(); valid; valid = rows.next()) {
                ByteString key = Rows.keyOfRevision(rows.key());
                // The first change since then tells what was there; those after it do not matter.
                if (!records.isStaged(key)) {
                    long before = LoggedChange.decode(rows.value()).previousRevision();
                    KeyRecord found = before == 0 ? null : past.recordAt(key, before);
                    records.stage(key, found);
                    bytes += found == null ? 0 : found.value().size();
                    if (++keys > KEYS || bytes > BYTES) {
                        return false;
                    }
                }
            }
        }
        return true;
    }
}
