package dev.store.raft.keyspace;

import java.util.List;

/** Past changes, as far as they are still kept. Safe for use by many threads. */
public interface History {
    /** The last revision that readers can see. */
    long currentRevision();

    /** Changes at or below this revision may be gone; the state at this revision itself can still be read. */
    long compactRevision();

    /**
     * Reads whole revisions in ascending order.
     *
     * @param fromRevision first revision wanted, inclusive
     * @param throughRevision last revision wanted, inclusive
     * @param range only changes of keys in this range are returned; revisions without any are left out
     * @param maxBytes stops after the revision that reaches this size
     * @param withPrevious also fetch the records before the changes, where still kept
     * @throws dev.store.api.error.StoreException with {@code COMPACTED} if {@code fromRevision <= compactRevision()}
     *     and changes at that revision may be gone (the compaction revision itself can be watched from)
     */
    HistoryPage read(long fromRevision, long throughRevision, KeyRange range, int maxBytes, boolean withPrevious);

    /**
     * A part of history.
     *
     * @param revisions the revisions with matching changes, ascending
     * @param throughRevision every revision up to this one has been looked at; the next page starts after it
     */
    record HistoryPage(List<RevisionEvents> revisions, long throughRevision) {
        public HistoryPage {
            revisions = List.copyOf(revisions);
        }
    }
}
