package dev.store.raft;

import com.google.protobuf.ByteString;
import dev.store.api.v1.ReadOptions;
import dev.store.raft.keyspace.History;
import dev.store.raft.keyspace.Keyspace;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.lease.LeaseState;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.KeepAliveReply;
import dev.store.raft.v1.MembershipChange;
import dev.store.raft.v1.TimeToLiveReply;
import dev.store.raft.watch.WatchHub;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One member of the replicated keyspace: the only door between the edge and the state.
 *
 * <p>Every call may be made on any member; calls that need the leader are forwarded to it through {@link Members}.
 * Nothing here blocks. All futures fail with {@link dev.store.api.error.StoreException} and may be completed on internal
 * threads, where callers must not block.
 */
public interface Replica extends AutoCloseable {
    /** Who this member is, who leads, and what has been reached; never blocking, but too much for every answer. */
    ReplicaInfo info();

    /** The present term: what changes in the headers of answers beside the revision. Cheaper still than {@link #info()}. */
    long term();

    /**
     * Has a validated command applied, and completes with its result. After {@code OUTCOME_UNKNOWN} the command may have
     * been applied or may still be; with an operation id it can safely be sent again.
     */
    CompletableFuture<CommandResult> propose(Command command);

    /**
     * Opens a view of the keyspace that is as fresh as the options demand. The caller closes the view.
     *
     * @param timeout longest wait for a leader or a revision
     */
    CompletableFuture<KeyspaceView> read(ReadOptions options, Duration timeout);

    /**
     * Completes, with the revision that this member then shows, once it is as fresh as the options demand: for those who
     * answer from memory and need no view.
     *
     * @param timeout longest wait for a leader or a revision
     */
    CompletableFuture<Long> fresh(ReadOptions options, Duration timeout);

    /**
     * Reads the newest record of one scoped key: what a view that is as fresh as the options demand shows of it, for
     * less.
     *
     * @param timeout longest wait for a leader or a revision
     */
    CompletableFuture<Keyspace.Newest> newest(ByteString scopedKey, ReadOptions options, Duration timeout);

    /** Renews leases of a namespace. */
    CompletableFuture<KeepAliveReply> keepAlive(String namespace, List<Long> leaseIds);

    /** How long a lease still lives, as the leader knows it. */
    CompletableFuture<TimeToLiveReply> timeToLive(String namespace, long leaseId);

    /**
     * The leases that this member has applied, of all namespaces, in order of id; cheap and never blocking. After
     * {@link #read} has completed they are as fresh as its options demanded.
     */
    List<LeaseState> leases();

    /** The scoped keys attached to a lease that this member has applied, in order; empty if there is no such lease. */
    List<ByteString> leaseKeys(long leaseId);

    /** Changes the membership. */
    CompletableFuture<Void> changeMembership(MembershipChange change);

    /** Hands leadership to the named voter, or to the best one if the name is empty; completes with its name. */
    CompletableFuture<String> transferLeadership(String name);

    /**
     * Past changes that this member has applied. The calls of the answer fail with {@code NOT_READY} while there is no
     * state.
     */
    History history();

    /** Completes when forgotten versions up to this revision are removed from this member's files. */
    CompletableFuture<Void> awaitPhysicalCompaction(long revision);

    /**
     * Writes a consistent copy of this member's state into one file.
     *
     * @return figures of the copy
     */
    CompletableFuture<SnapshotFile> writeSnapshot(Path file);

    /** Feeds watchers. */
    WatchHub watchHub();

    /** This member's own side of the calls between members, for the edge to serve. */
    MemberCalls localCalls();

    /**
     * Hands leadership over if this member leads and another voter can lead, before the end; waits for that at most 3 s.
     * Calls that come meanwhile go to the new leader. {@link #close} does it where it was not tried yet.
     */
    void handOver();

    /** Hands leadership over if this member leads, stops taking part, and closes the storage. */
    @Override
    void close();
}
