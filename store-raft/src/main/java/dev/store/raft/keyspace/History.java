package dev.store.raft.keyspace;

import java.util.List;

/** Past changes, as far as they are still kept. Safe for use by many threads. */
public interface History {
    /** The last revision that readers can see. */
    long currentRevision();

    /** Changes below this revision may be gone; the state and the changes at this revision itself can still be read. */
    long compactRevision();

    /**
     * Reads whole revisions in ascending order.
     *
     * @param fromRevision first revision wanted, inclusive
     * @param throughRevision last revision wanted, inclusive
     * @param range only changes of keys in this range are returned; revisions without any are left out
     * @param maxBytes stops after the revision that reaches this size
     * @param withPrevious also fetch the records before the changes, where still kept
     * @throws dev.store.api.error.StoreException with {@code COMPACTED} if {@code fromRevision < compactRevision()}:
     *     the changes of the compaction revision itself are still kept
     */
    HistoryPage read(long fromRevision, long throughRevision, KeyRange range, int maxBytes, boolean withPrevious);

    /**
     * The last revision made at or before a time, as the leaders' stamps tell it, among those still kept; the compaction
     * revision if all kept ones are younger.
     *
     * @param wallTimeMs ms since 1970
     */
    long revisionAt(long wallTimeMs);

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
