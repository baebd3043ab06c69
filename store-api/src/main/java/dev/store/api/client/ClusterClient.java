package dev.store.api.client;

import dev.store.api.v1.AddLearnerRequest;
import dev.store.api.v1.ClusterGrpc;
import dev.store.api.v1.MemberChangeResponse;
import dev.store.api.v1.MembersRequest;
import dev.store.api.v1.MembersResponse;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.PromoteRequest;
import dev.store.api.v1.RemoveRequest;
import dev.store.api.v1.TransferLeadershipRequest;
import dev.store.api.v1.TransferLeadershipResponse;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The members of the cluster, and how membership and leadership change. A change whose outcome is not known is not sent
 * again: look at {@link #members()} first.
 */
public final class ClusterClient {
    private final Scope scope;

    ClusterClient(Scope scope) {
        this.scope = scope;
    }

    /** Calls may take this long, with all their attempts: more than 0, at most 5 minutes. 5 s if not set. */
    public ClusterClient timeout(Duration timeout) {
        return new ClusterClient(scope.with(scope.settings.withTimeout(timeout)));
    }

    /** The members with their state, asked of each of them within 2 s. */
    public CompletableFuture<MemberList> members() {
        return new Call<MembersRequest, MembersResponse, MemberList>(
                scope, ClusterGrpc.getMembersMethod(), Retry.READ) {
            @Override
            MembersRequest request(@Nullable OperationId operation) {
                return MembersRequest.getDefaultInstance();
            }

            @Override
            MemberList answer(MembersResponse response) {
                return MemberList.of(response.getHeader(), response.getMembersList());
            }
        }.start();
    }

    /**
     * Adds a learner, which receives the log and serves reads and watches but does not vote.
     *
     * @param name name of the new member, unique in the cluster
     * @param clientEndpoint {@code host:port} for clients
     * @param raftEndpoint {@code host:port} for other members
     */
    public CompletableFuture<MemberList> addLearner(String name, String clientEndpoint, String raftEndpoint) {
        return change(
                ClusterGrpc.getAddLearnerMethod(),
                AddLearnerRequest.newBuilder()
                        .setName(name)
                        .setClientEndpoint(clientEndpoint)
                        .setRaftEndpoint(raftEndpoint)
                        .build());
    }

    /** Makes a learner a voter. */
    public CompletableFuture<MemberList> promote(String name) {
        return change(
                ClusterGrpc.getPromoteMethod(),
                PromoteRequest.newBuilder().setName(name).build());
    }

    /** Removes a member. */
    public CompletableFuture<MemberList> remove(String name) {
        return change(
                ClusterGrpc.getRemoveMethod(),
                RemoveRequest.newBuilder().setName(name).build());
    }

    /** Hands leadership to the voter with this name; an empty name lets the leader choose. */
    public CompletableFuture<LeadershipTransfer> transferLeadership(String name) {
        return new Call<TransferLeadershipRequest, TransferLeadershipResponse, LeadershipTransfer>(
                scope, ClusterGrpc.getTransferLeadershipMethod(), Retry.ONCE) {
            @Override
            TransferLeadershipRequest request(@Nullable OperationId operation) {
                return TransferLeadershipRequest.newBuilder().setName(name).build();
            }

            @Override
            LeadershipTransfer answer(TransferLeadershipResponse response) {
                return new LeadershipTransfer(Header.of(response.getHeader()), response.getLeader());
            }
        }.start();
    }

    /** Asks for the members and makes their client endpoints those that this client uses from now on. */
    public CompletableFuture<List<String>> refreshEndpoints() {
        return members().thenApply(list -> {
            List<String> addresses = new ArrayList<>();
            for (MemberList.Item member : list.members()) {
                if (!member.clientEndpoint().isEmpty()) {
                    addresses.add(member.clientEndpoint());
                }
            }
            if (!addresses.isEmpty()) {
                scope.connection.endpoints().replace(Addresses.parse(String.join(",", addresses)));
            }
            return scope.connection.endpoints().addresses();
        });
    }

    private <Q> CompletableFuture<MemberList> change(MethodDescriptor<Q, MemberChangeResponse> method, Q request) {
        return new Call<Q, MemberChangeResponse, MemberList>(scope, method, Retry.ONCE) {
            @Override
            Q request(@Nullable OperationId operation) {
                return request;
            }

            @Override
            MemberList answer(MemberChangeResponse response) {
                return MemberList.of(response.getHeader(), response.getMembersList());
            }
        }.start();
    }
}
