package dev.store.server.member;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.api.v1.StatusRequest;
import dev.store.api.v1.StatusResponse;
import dev.store.raft.Following;
import dev.store.raft.MemberCalls;
import dev.store.raft.Standing;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.KeepAliveReply;
import dev.store.raft.v1.MembershipChange;
import dev.store.raft.v1.StateHashes;
import dev.store.raft.v1.TimeToLiveReply;
import dev.store.server.config.PeerConfig;
import dev.store.server.peer.v1.FollowingRequest;
import dev.store.server.peer.v1.KeepAliveRequest;
import dev.store.server.peer.v1.MemberGrpc;
import dev.store.server.peer.v1.ReadIndexRequest;
import dev.store.server.peer.v1.ReadIndexResponse;
import dev.store.server.peer.v1.StandingRequest;
import dev.store.server.peer.v1.StateHashesRequest;
import dev.store.server.peer.v1.TimeToLiveRequest;
import dev.store.server.peer.v1.TransferLeadershipRequest;
import dev.store.server.peer.v1.TransferLeadershipResponse;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Another member. Errors that the member itself reports arrive unchanged; those of the connection become one of two: the
 * call surely did nothing ({@code UNREACHABLE}), or it may have ({@code OUTCOME_UNKNOWN}).
 */
final class RemoteMember implements MemberCalls {
    /** Membership changes wait for a learner to catch up, and transfers for an election. */
    private static final Duration CHANGE_TIMEOUT = Duration.ofSeconds(60);

    private final String endpoint;
    private final MemberGrpc.MemberFutureStub stub;
    private final PeerConfig patience;

    RemoteMember(String endpoint, ManagedChannel channel, ClusterGuard guard, PeerConfig patience) {
        this.endpoint = endpoint;
        this.stub = MemberGrpc.newFutureStub(channel)
                .withInterceptors(new OwnContext())
                .withCallCredentials(guard);
        this.patience = patience;
    }

    @Override
    public CompletableFuture<CommandResult> propose(Command command) {
        return changing(within(patience.proposeTimeout()).propose(command), Function.identity());
    }

    @Override
    public CompletableFuture<Long> readIndex(Standing asker) {
        ReadIndexRequest request = ReadIndexRequest.newBuilder()
                .setMember(asker.member())
                .setTerm(asker.term())
                .build();
        return reading(within(patience.readTimeout()).readIndex(request), ReadIndexResponse::getIndex);
    }

    @Override
    public CompletableFuture<Standing> standing() {
        return reading(
                within(patience.readTimeout()).standing(StandingRequest.getDefaultInstance()),
                answer -> new Standing(answer.getMember(), answer.getTerm()));
    }

    @Override
    public CompletableFuture<Following> following() {
        return reading(
                within(patience.readTimeout()).following(FollowingRequest.getDefaultInstance()),
                answer -> new Following(
                        answer.getMember(),
                        answer.getTerm(),
                        answer.getLeader(),
                        answer.getSilentMs(),
                        answer.getLastTerm(),
                        answer.getLastIndex()));
    }

    @Override
    public CompletableFuture<KeepAliveReply> keepAlive(String namespace, List<Long> leaseIds) {
        KeepAliveRequest request = KeepAliveRequest.newBuilder()
                .setNamespace(namespace)
                .addAllLeaseIds(leaseIds)
                .build();
        return changing(within(patience.readTimeout()).keepAlive(request), Function.identity());
    }

    @Override
    public CompletableFuture<TimeToLiveReply> timeToLive(String namespace, long leaseId) {
        TimeToLiveRequest request = TimeToLiveRequest.newBuilder()
                .setNamespace(namespace)
                .setLeaseId(leaseId)
                .build();
        return reading(within(patience.readTimeout()).timeToLive(request), Function.identity());
    }

    @Override
    public CompletableFuture<Void> changeMembership(MembershipChange change) {
        CompletableFuture<Boolean> done = changing(within(CHANGE_TIMEOUT).changeMembership(change), answer -> true);
        return done.thenAccept(ok -> {});
    }

    @Override
    public CompletableFuture<String> transferLeadership(String name) {
        TransferLeadershipRequest request =
                TransferLeadershipRequest.newBuilder().setName(name).build();
        return changing(within(CHANGE_TIMEOUT).transferLeadership(request), TransferLeadershipResponse::getLeader);
    }

    @Override
    public CompletableFuture<StatusResponse> status() {
        return reading(
                within(patience.statusTimeout()).status(StatusRequest.getDefaultInstance()), Function.identity());
    }

    @Override
    public CompletableFuture<StateHashes> stateHashes() {
        return reading(
                within(patience.statusTimeout()).stateHashes(StateHashesRequest.getDefaultInstance()),
                Function.identity());
    }

    private MemberGrpc.MemberFutureStub within(Duration timeout) {
        return stub.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    private <A, T> CompletableFuture<T> changing(ListenableFuture<A> call, Function<A, T> answer) {
        return future(call, answer, ErrorCode.OUTCOME_UNKNOWN);
    }

    private <A, T> CompletableFuture<T> reading(ListenableFuture<A> call, Function<A, T> answer) {
        return future(call, answer, ErrorCode.UNREACHABLE);
    }

    private <A, T> CompletableFuture<T> future(ListenableFuture<A> call, Function<A, T> answer, ErrorCode ifLost) {
        CompletableFuture<T> future = new CompletableFuture<>();
        FutureCallback<A> callback = new FutureCallback<>() {
            @Override
            public void onSuccess(@Nullable A result) {
                future.complete(answer.apply(Objects.requireNonNull(result, "result")));
            }

            @Override
            public void onFailure(Throwable failure) {
                future.completeExceptionally(error(failure, ifLost));
            }
        };
        Futures.addCallback(call, callback, MoreExecutors.directExecutor());
        return future;
    }

    private StoreException error(Throwable failure, ErrorCode ifLost) {
        StoreException error = GrpcErrors.fromGrpc(failure);
        boolean lost =
                switch (error.code()) {
                    case CONNECTION_LOST, DEADLINE_EXCEEDED, CANCELED -> true;
                    default -> false;
                };
        ErrorCode code = lost ? ifLost : error.code();
        String message = code == error.code() && code != ErrorCode.UNREACHABLE
                ? String.valueOf(error.getMessage())
                : "member at " + endpoint + ": " + error.getMessage();
        return new StoreException(code, message, Map.copyOf(error.details()), null);
    }
}
