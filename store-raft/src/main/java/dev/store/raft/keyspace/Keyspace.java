package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import dev.store.raft.lease.LeaseState;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.LogBatch;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The replicated state: what the log turns into.
 *
 * <p>{@link #apply} is deterministic: two replicas that applied the same entries hold the same bytes. It is called by
 * one thread, in log order; everything else may be called by any thread at any time. A failure of the storage is thrown
 * as {@link java.io.UncheckedIOException} or {@link IllegalStateException}, after which the process must stop.
 */
public interface Keyspace extends AutoCloseable {
    /**
     * Applies one entry: all its effects, and its position, become durable together in one write.
     *
     * <p>An entry at or below {@link #applied()} is skipped, with an empty answer, because Raft replays entries after a
     * restart.
     *
     * @return one result for each command, in order
     */
    List<CommandResult> apply(LogPosition position, LogBatch batch);

    /** Notes that an entry without commands (a configuration, say) has passed. */
    void advance(LogPosition position);

    /** Position of the last entry applied. */
    LogPosition applied();

    /** The current revision. */
    long revision();

    /** The compaction revision. */
    long compactRevision();

    /** The last wall time stamp folded in, ms since 1970; leaders stamp no less than this. */
    long wallTimeMs();

    /** The lease clock reached, in ms; a new leader's lease clock starts from here. */
    long leaseTimeMs();

    /** Opens a view of what is applied now. */
    KeyspaceView view();

    /** The newest record of a scoped key: what a {@linkplain #view view} shows of it, for less. */
    default Newest newest(ByteString scopedKey) {
        try (KeyspaceView view = view()) {
            return new Newest(view.revision(), view.get(scopedKey, 0).orElse(null));
        }
    }

    /** Past changes. */
    History history();

    /** A lease by id. */
    Optional<LeaseState> lease(long leaseId);

    /** All leases, in order of id. */
    List<LeaseState> leases();

    /** The scoped keys attached to a lease, in order; empty if there is no such lease. */
    List<ByteString> leaseKeys(long leaseId);

    /** Rolling hashes at recent positions, the newest last; equal on all replicas at equal indexes. */
    List<IndexHash> recentHashes();

    /** Completes when forgotten versions up to this revision are removed from the live data of this member's files. */
    CompletableFuture<Void> awaitPhysicalCompaction(long revision);

    /**
     * Writes a consistent copy of the state into a new folder; on the apply thread or while it stands still. Cheap:
     * immutable files are linked, not copied.
     *
     * @param folder must not exist, its parent must, on the same file system
     */
    void checkpoint(Path folder);

    /** Flushes what is in memory to files, so that a following {@link #checkpoint} stalls applying for less time. */
    void flush();

    /** Figures for status and metrics. */
    KeyspaceFigures figures();

    @Override
    void close();

    /**
     * The record that a key has at a revision.
     *
     * @param revision what was current at some moment of the call
     * @param keyRecord the record at that revision, or null if there was none
     */
    record Newest(long revision, @Nullable KeyRecord keyRecord) {}

    /** The rolling hash of everything applied up to an index. */
    record IndexHash(long index, long hash) {}

    /**
     * Figures of the storage.
     *
     * @param diskBytes bytes on disk
     * @param liveBytes estimated bytes of live data
     * @param estimatedKeys estimated number of keys
     * @param physicallyCompactedRevision forgotten versions up to here are removed
     * @param stateHash rolling hash at {@link #applied()}
     */
    record KeyspaceFigures(
            long diskBytes, long liveBytes, long estimatedKeys, long physicallyCompactedRevision, long stateHash) {}
}
