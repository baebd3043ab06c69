package dev.store.api.client;

import dev.store.api.v1.LogFigures;
import dev.store.api.v1.StatusResponse;
import dev.store.api.v1.StorageFigures;
import java.time.Duration;
import java.util.List;

/**
 * State and figures of one member.
 *
 * @param name name of the member
 * @param version version of the program
 * @param role what it is in the Raft group
 * @param leader name of the leader; empty if none is known
 * @param groupId id of the Raft group, a UUID
 * @param log Raft figures
 * @param storage storage figures
 * @param problems what is wrong, in words; empty if nothing is
 * @param watches watches open on this member
 * @param leases leases that exist
 * @param uptime since the process started
 */
public record MemberStatus(
        Header header,
        String name,
        String version,
        Role role,
        String leader,
        String groupId,
        Log log,
        Storage storage,
        List<String> problems,
        long watches,
        long leases,
        Duration uptime)
        implements Versioned {
    public MemberStatus {
        problems = List.copyOf(problems);
    }

    /**
     * Raft figures.
     *
     * @param committedIndex last index known to be committed
     * @param appliedIndex last index applied
     * @param firstIndex first index still in the log
     * @param lastIndex last index in the log
     * @param logBytes bytes of the log on disk
     * @param snapshotIndex index of the newest snapshot; -1 if there is none
     * @param snapshotBytes bytes of the newest snapshot
     * @param snapshotAtMillis when the newest snapshot was taken, in ms since 1970; 0 if there is none
     */
    public record Log(
            long committedIndex,
            long appliedIndex,
            long firstIndex,
            long lastIndex,
            long logBytes,
            long snapshotIndex,
            long snapshotBytes,
            long snapshotAtMillis) {
        private static Log of(LogFigures log) {
            return new Log(
                    log.getCommittedIndex(),
                    log.getAppliedIndex(),
                    log.getFirstIndex(),
                    log.getLastIndex(),
                    log.getLogBytes(),
                    log.getSnapshotIndex(),
                    log.getSnapshotBytes(),
                    log.getSnapshotAtMs());
        }
    }

    /**
     * Storage figures.
     *
     * @param dbSizeBytes bytes on disk, including what waits for compaction
     * @param liveBytes estimated bytes of live data
     * @param estimatedKeys estimated number of keys, with all namespaces
     * @param compactRevision history before this revision is forgotten
     * @param physicallyCompactedRevision forgotten versions up to this revision are removed from the files' live data
     * @param stateHash rolling hash of everything applied, equal on all members at the same index
     */
    public record Storage(
            long dbSizeBytes,
            long liveBytes,
            long estimatedKeys,
            long compactRevision,
            long physicallyCompactedRevision,
            long stateHash) {
        private static Storage of(StorageFigures storage) {
            return new Storage(
                    storage.getDbSizeBytes(),
                    storage.getLiveBytes(),
                    storage.getEstimatedKeys(),
                    storage.getCompactRevision(),
                    storage.getPhysicallyCompactedRevision(),
                    storage.getStateHash());
        }
    }

    static MemberStatus of(StatusResponse status) {
        return new MemberStatus(
                Header.of(status.getHeader()),
                status.getName(),
                status.getVersion(),
                Role.of(status.getRole()),
                status.getLeader(),
                status.getGroupId(),
                Log.of(status.getLog()),
                Storage.of(status.getStorage()),
                status.getProblemsList(),
                status.getWatches(),
                status.getLeases(),
                Duration.ofSeconds(status.getUptimeSeconds()));
    }
}
