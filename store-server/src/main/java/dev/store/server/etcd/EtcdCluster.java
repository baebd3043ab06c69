package dev.store.server.etcd;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.raft.Replica;
import dev.store.raft.ReplicaInfo;
import dev.store.raft.ReplicaInfo.MemberAddress;
import dev.store.raft.v1.AddLearnerChange;
import dev.store.raft.v1.MembershipChange;
import dev.store.server.edge.Replies;
import dev.store.server.etcd.v3.ClusterGrpc;
import dev.store.server.etcd.v3.Member;
import dev.store.server.etcd.v3.MemberAddRequest;
import dev.store.server.etcd.v3.MemberAddResponse;
import dev.store.server.etcd.v3.MemberListRequest;
import dev.store.server.etcd.v3.MemberListResponse;
import dev.store.server.etcd.v3.MemberPromoteRequest;
import dev.store.server.etcd.v3.MemberPromoteResponse;
import dev.store.server.etcd.v3.MemberRemoveRequest;
import dev.store.server.etcd.v3.MemberRemoveResponse;
import dev.store.server.etcd.v3.MemberUpdateRequest;
import dev.store.server.etcd.v3.MemberUpdateResponse;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** etcd's cluster service. */
final class EtcdCluster extends ClusterGrpc.ClusterImplBase {
    private static final long RETRY_MS = 200;
    private static final long PROMOTE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final Replica replica;
    private final EtcdHeaders headers;
    private final ScheduledExecutorService timer;

    EtcdCluster(EtcdParts parts, ScheduledExecutorService timer) {
        this.replica = parts.replica();
        this.headers = parts.headers();
        this.timer = timer;
    }

    @Override
    public void memberList(MemberListRequest request, StreamObserver<MemberListResponse> call) {
        Replies.answer(
                call,
                () -> CompletableFuture.completedFuture(MemberListResponse.newBuilder()
                        .setHeader(headers.withoutRevision())
                        .addAllMembers(members())
                        .build()));
    }

    /** A voter is added as a learner, and promoted as soon as it has caught up. */
    @Override
    public void memberAdd(MemberAddRequest request, StreamObserver<MemberAddResponse> call) {
        Replies.answer(call, () -> {
            AddLearnerChange member = MemberUrls.parse(request.getPeerURLsList());
            CompletableFuture<Void> added = replica.changeMembership(
                    MembershipChange.newBuilder().setAddLearner(member).build());
            CompletableFuture<Void> done = request.getIsLearner()
                    ? added
                    : added.thenCompose(learning -> promoteOnceReady(member.getName(), System.nanoTime()));
            return done.thenApply(changed -> MemberAddResponse.newBuilder()
                    .setHeader(headers.withoutRevision())
                    .setMember(Member.newBuilder()
                            .setID(idOf(member.getName()))
                            .addPeerURLs(MemberUrls.of(member.getRaftEndpoint()))
                            .setIsLearner(request.getIsLearner()))
                    .addAllMembers(members())
                    .build());
        });
    }

    private CompletableFuture<Void> promoteOnceReady(String name, long since) {
        CompletableFuture<Void> promoted = new CompletableFuture<>();
        tryToPromote(name, since, promoted);
        return promoted;
    }

    private void tryToPromote(String name, long since, CompletableFuture<Void> promoted) {
        var unused = promote(name).whenComplete((done, failure) -> {
            if (failure == null) {
                promoted.complete(null);
                return;
            }
            StoreException error = GrpcErrors.fromGrpc(failure);
            boolean early = error.code() == ErrorCode.LEARNER_NOT_READY
                    || error.code() == ErrorCode.MEMBERSHIP_BUSY
                    || error.code() == ErrorCode.NO_LEADER;
            if (!early || System.nanoTime() - since > PROMOTE_NANOS) {
                promoted.completeExceptionally(error);
                return;
            }
            try {
                var unusedToo =
                        timer.schedule(() -> tryToPromote(name, since, promoted), RETRY_MS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                promoted.completeExceptionally(EtcdErrors.stopped());
            }
        });
    }

    private CompletableFuture<Void> promote(String name) {
        return replica.changeMembership(
                MembershipChange.newBuilder().setPromote(name).build());
    }

    @Override
    public void memberPromote(MemberPromoteRequest request, StreamObserver<MemberPromoteResponse> call) {
        Replies.answer(call, () -> {
            MemberAddress member = named(request.getID());
            if (!member.learner()) {
                throw EtcdErrors.memberNotLearner();
            }
            return promote(member.name()).thenApply(done -> MemberPromoteResponse.newBuilder()
                    .setHeader(headers.withoutRevision())
                    .addAllMembers(members())
                    .build());
        });
    }

    @Override
    public void memberRemove(MemberRemoveRequest request, StreamObserver<MemberRemoveResponse> call) {
        Replies.answer(call, () -> {
            MemberAddress member = named(request.getID());
            return replica.changeMembership(MembershipChange.newBuilder()
                            .setRemove(member.name())
                            .build())
                    .thenApply(done -> MemberRemoveResponse.newBuilder()
                            .setHeader(headers.withoutRevision())
                            .addAllMembers(members().stream()
                                    .filter(each -> each.getID() != request.getID())
                                    .toList())
                            .build());
        });
    }

    /** A member keeps its addresses for as long as it is one. */
    @Override
    public void memberUpdate(MemberUpdateRequest request, StreamObserver<MemberUpdateResponse> call) {
        Replies.answer(call, () -> {
            MemberAddress member = named(request.getID());
            String url = MemberUrls.of(member.raftEndpoint());
            if (!request.getPeerURLsList().equals(List.of(url))) {
                throw EtcdErrors.refused("member \"" + member.name() + "\" is reached at " + url
                        + " and cannot be moved (expected: that URL; to move it, remove it and add it again)");
            }
            return CompletableFuture.completedFuture(MemberUpdateResponse.newBuilder()
                    .setHeader(headers.withoutRevision())
                    .addAllMembers(members())
                    .build());
        });
    }

    private MemberAddress named(long id) {
        return replica.info().members().stream()
                .filter(member -> member.id() == id)
                .findFirst()
                .orElseThrow(EtcdErrors::memberNotFound);
    }

    /** The id of a member that this one may not have heard of yet. */
    private long idOf(String name) {
        return replica.info().members().stream()
                .filter(member -> member.name().equals(name))
                .mapToLong(MemberAddress::id)
                .findFirst()
                .orElse(0);
    }

    private List<Member> members() {
        ReplicaInfo info = replica.info();
        return info.members().stream()
                .map(member -> Member.newBuilder()
                        .setID(member.id())
                        .setName(member.name())
                        .addPeerURLs(MemberUrls.of(member.raftEndpoint()))
                        .addClientURLs(MemberUrls.of(member.clientEndpoint()))
                        .setIsLearner(member.learner())
                        .build())
                .toList();
    }
}
