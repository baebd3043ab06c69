package dev.store.raft;

import dev.store.api.v1.StatusResponse;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.KeepAliveReply;
import dev.store.raft.v1.MembershipChange;
import dev.store.raft.v1.StateHashes;
import dev.store.raft.v1.TimeToLiveReply;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What members ask of each other. A replica implements it for itself; the edge implements it over gRPC for the others,
 * so that a follower forwards by making the very same call on another object.
 *
 * <p>All futures fail with {@link dev.store.api.error.StoreException}. The calls that need the leader fail with
 * {@code NO_LEADER} where the member is not the leader: they are never forwarded twice.
 */
public interface MemberCalls {
    /** Leader only: proposes a command and completes with its result once this leader has applied it. */
    CompletableFuture<CommandResult> propose(Command command);

    /**
     * Leader only: completes with a log index after proof that this member led when the asker said how it stands. A
     * reader that has applied this index sees every write that was acknowledged before.
     *
     * @param asker the member that asks, as it stands at a moment after its readers came
     */
    CompletableFuture<Long> readIndex(Standing asker);

    /** Any member: how it stands, at a moment after the call. */
    CompletableFuture<Standing> standing();

    /** Any member: how it follows its leader, at a moment after the call. */
    CompletableFuture<Following> following();

    /** Leader only: renews leases of a namespace. */
    CompletableFuture<KeepAliveReply> keepAlive(String namespace, List<Long> leaseIds);

    /** Leader only: how long a lease still lives. */
    CompletableFuture<TimeToLiveReply> timeToLive(String namespace, long leaseId);

    /** Leader only: changes the membership, and completes when the new configuration is in force. */
    CompletableFuture<Void> changeMembership(MembershipChange change);

    /** Leader only: hands leadership to the named voter, or the best one if empty; completes with its name. */
    CompletableFuture<String> transferLeadership(String name);

    /** Any member: its state and figures. */
    CompletableFuture<StatusResponse> status();

    /** Any member: rolling hashes of its recent applied states. */
    CompletableFuture<StateHashes> stateHashes();
}
