package dev.store.server.member;

import dev.store.api.v1.StatusRequest;
import dev.store.api.v1.StatusResponse;
import dev.store.raft.MemberCalls;
import dev.store.raft.Standing;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.KeepAliveReply;
import dev.store.raft.v1.MembershipChange;
import dev.store.raft.v1.StateHashes;
import dev.store.raft.v1.TimeToLiveReply;
import dev.store.server.edge.Replies;
import dev.store.server.peer.v1.ChangeMembershipResponse;
import dev.store.server.peer.v1.FollowingRequest;
import dev.store.server.peer.v1.FollowingResponse;
import dev.store.server.peer.v1.KeepAliveRequest;
import dev.store.server.peer.v1.MemberGrpc;
import dev.store.server.peer.v1.ReadIndexRequest;
import dev.store.server.peer.v1.ReadIndexResponse;
import dev.store.server.peer.v1.StandingRequest;
import dev.store.server.peer.v1.StandingResponse;
import dev.store.server.peer.v1.StateHashesRequest;
import dev.store.server.peer.v1.TimeToLiveRequest;
import dev.store.server.peer.v1.TransferLeadershipRequest;
import dev.store.server.peer.v1.TransferLeadershipResponse;
import io.grpc.stub.StreamObserver;
import java.util.function.UnaryOperator;

/** Serves this member's side of the calls between members. */
public final class MemberService extends MemberGrpc.MemberImplBase {
    private final MemberCalls calls;
    private final UnaryOperator<StatusResponse> figures;

    /**
     * Makes the service.
     *
     * @param figures adds what the process knows to a status
     */
    public MemberService(MemberCalls calls, UnaryOperator<StatusResponse> figures) {
        this.calls = calls;
        this.figures = figures;
    }

    @Override
    public void propose(Command request, StreamObserver<CommandResult> call) {
        Replies.answer(call, () -> calls.propose(request));
    }

    @Override
    public void readIndex(ReadIndexRequest request, StreamObserver<ReadIndexResponse> call) {
        Standing asker = new Standing(request.getMember(), request.getTerm());
        Replies.answer(call, () -> calls.readIndex(asker)
                .thenApply(
                        index -> ReadIndexResponse.newBuilder().setIndex(index).build()));
    }

    @Override
    public void standing(StandingRequest request, StreamObserver<StandingResponse> call) {
        Replies.answer(call, () -> calls.standing().thenApply(standing -> StandingResponse.newBuilder()
                .setMember(standing.member())
                .setTerm(standing.term())
                .build()));
    }

    @Override
    public void following(FollowingRequest request, StreamObserver<FollowingResponse> call) {
        Replies.answer(call, () -> calls.following().thenApply(following -> FollowingResponse.newBuilder()
                .setMember(following.member())
                .setTerm(following.term())
                .setLeader(following.leader())
                .setSilentMs(following.silentMs())
                .setLastTerm(following.lastTerm())
                .setLastIndex(following.lastIndex())
                .build()));
    }

    @Override
    public void keepAlive(KeepAliveRequest request, StreamObserver<KeepAliveReply> call) {
        Replies.answer(call, () -> calls.keepAlive(request.getNamespace(), request.getLeaseIdsList()));
    }

    @Override
    public void timeToLive(TimeToLiveRequest request, StreamObserver<TimeToLiveReply> call) {
        Replies.answer(call, () -> calls.timeToLive(request.getNamespace(), request.getLeaseId()));
    }

    @Override
    public void changeMembership(MembershipChange request, StreamObserver<ChangeMembershipResponse> call) {
        Replies.answer(call, () -> calls.changeMembership(request)
                .thenApply(done -> ChangeMembershipResponse.getDefaultInstance()));
    }

    @Override
    public void transferLeadership(TransferLeadershipRequest request, StreamObserver<TransferLeadershipResponse> call) {
        Replies.answer(call, () -> calls.transferLeadership(request.getName())
                .thenApply(leader -> TransferLeadershipResponse.newBuilder()
                        .setLeader(leader)
                        .build()));
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> call) {
        Replies.answer(call, () -> calls.status().thenApply(figures));
    }

    @Override
    public void stateHashes(StateHashesRequest request, StreamObserver<StateHashes> call) {
        Replies.answer(call, calls::stateHashes);
    }
}
