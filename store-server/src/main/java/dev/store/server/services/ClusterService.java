package dev.store.server.services;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.AddLearnerRequest;
import dev.store.api.v1.ClusterGrpc;
import dev.store.api.v1.MemberChangeResponse;
import dev.store.api.v1.MembersRequest;
import dev.store.api.v1.MembersResponse;
import dev.store.api.v1.PromoteRequest;
import dev.store.api.v1.RemoveRequest;
import dev.store.api.v1.TransferLeadershipRequest;
import dev.store.api.v1.TransferLeadershipResponse;
import dev.store.raft.Replica;
import dev.store.raft.keyspace.Requests;
import dev.store.raft.v1.AddLearnerChange;
import dev.store.raft.v1.MembershipChange;
import dev.store.server.config.Endpoint;
import dev.store.server.edge.Headers;
import dev.store.server.edge.Replies;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;

/** The cluster service: who the members are, and how that changes. */
public final class ClusterService extends ClusterGrpc.ClusterImplBase {
    private final Replica replica;
    private final MemberSurvey survey;
    private final Headers headers;

    public ClusterService(Replica replica, MemberSurvey survey, Headers headers) {
        this.replica = replica;
        this.survey = survey;
        this.headers = headers;
    }

    @Override
    public void members(MembersRequest request, StreamObserver<MembersResponse> call) {
        Replies.answer(call, () -> survey.members().thenApply(members -> MembersResponse.newBuilder()
                .setHeader(headers.now())
                .addAllMembers(members)
                .build()));
    }

    @Override
    public void addLearner(AddLearnerRequest request, StreamObserver<MemberChangeResponse> call) {
        Replies.answer(call, () -> {
            Requests.name("name", request.getName());
            endpoint("client_endpoint", request.getClientEndpoint());
            endpoint("raft_endpoint", request.getRaftEndpoint());
            return change(MembershipChange.newBuilder()
                    .setAddLearner(AddLearnerChange.newBuilder()
                            .setName(request.getName())
                            .setClientEndpoint(request.getClientEndpoint())
                            .setRaftEndpoint(request.getRaftEndpoint())));
        });
    }

    @Override
    public void promote(PromoteRequest request, StreamObserver<MemberChangeResponse> call) {
        Replies.answer(call, () -> {
            Requests.name("name", request.getName());
            return change(MembershipChange.newBuilder().setPromote(request.getName()));
        });
    }

    @Override
    public void remove(RemoveRequest request, StreamObserver<MemberChangeResponse> call) {
        Replies.answer(call, () -> {
            Requests.name("name", request.getName());
            return change(MembershipChange.newBuilder().setRemove(request.getName()));
        });
    }

    @Override
    public void transferLeadership(TransferLeadershipRequest request, StreamObserver<TransferLeadershipResponse> call) {
        Replies.answer(call, () -> {
            if (!request.getName().isEmpty()) {
                Requests.name("name", request.getName());
            }
            return replica.transferLeadership(request.getName())
                    .thenApply(leader -> TransferLeadershipResponse.newBuilder()
                            .setHeader(headers.now())
                            .setLeader(leader)
                            .build());
        });
    }

    private CompletableFuture<MemberChangeResponse> change(MembershipChange.Builder change) {
        return replica.changeMembership(change.build())
                .thenCompose(done -> survey.members())
                .thenApply(members -> MemberChangeResponse.newBuilder()
                        .setHeader(headers.now())
                        .addAllMembers(members)
                        .build());
    }

    private static void endpoint(String field, String text) {
        try {
            Endpoint endpoint = Endpoint.parse(text);
            if (endpoint.port() == 0 || endpoint.isWildcard()) {
                throw new IllegalArgumentException("an address that others can connect to");
            }
        } catch (IllegalArgumentException e) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT, field + ": \"" + text + "\" (expected: " + e.getMessage() + ")");
        }
    }
}
