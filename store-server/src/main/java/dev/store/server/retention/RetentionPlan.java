package dev.store.server.retention;

import dev.store.raft.keyspace.History;
import java.time.Duration;

/**
 * Decides up to which revision history is to be forgotten: what is older than a time, or further back than a number of
 * revisions, whichever forgets more.
 *
 * <p>Age is told by the time stamps that leaders put on revisions, which are replicated: so it does not begin anew when a
 * process starts or another member leads.
 *
 * @param keepTime age past which versions are forgotten; zero for never
 * @param keepRevisions distance past which versions are forgotten; 0 for never
 */
record RetentionPlan(Duration keepTime, long keepRevisions) {
    /**
     * The revision to compact to; 0 if there is nothing to forget that is not forgotten already.
     *
     * @param nowMs ms since 1970
     */
    long target(History history, long nowMs) {
        long byCount = keepRevisions == 0 ? 0 : history.currentRevision() - keepRevisions;
        // Was current when the kept time began: what it replaced is old enough.
        long byAge = keepTime.isZero() ? 0 : history.revisionAt(nowMs - keepTime.toMillis());
        long target = Math.max(byCount, byAge);
        return target > history.compactRevision() ? target : 0;
    }
}
