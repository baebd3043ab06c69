package dev.store.raft.keyspace;

import java.util.List;

/**
 * Is told of every change, in log order, on the apply thread: it must hand the work on and return at once.
 *
 * <p>This is the only way in which data flows back up.
 */
public interface AppliedListener {
    /**
     * Entries of the log were applied and are visible to readers.
     *
     * @param revisions the new revisions in ascending order, without a hole; empty if nothing changed
     * @param currentRevision the revision now reached
     * @param compactRevision the compaction revision now in force
     */
    void onApplied(List<RevisionEvents> revisions, long currentRevision, long compactRevision);

    /**
     * The state was replaced by a snapshot of another member: revisions up to this one were never announced by
     * {@link #onApplied} and must be read from history.
     */
    void onSnapshotInstalled(long currentRevision, long compactRevision);
}
