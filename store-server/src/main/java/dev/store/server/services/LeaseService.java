package dev.store.server.services;

import com.google.protobuf.ByteString;
import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.LeaseGrantRequest;
import dev.store.api.v1.LeaseGrantResponse;
import dev.store.api.v1.LeaseGrpc;
import dev.store.api.v1.LeaseInfo;
import dev.store.api.v1.LeaseKeepAliveRequest;
import dev.store.api.v1.LeaseKeepAliveResponse;
import dev.store.api.v1.LeaseKeepAliveResult;
import dev.store.api.v1.LeaseListRequest;
import dev.store.api.v1.LeaseListResponse;
import dev.store.api.v1.LeaseRevokeRequest;
import dev.store.api.v1.LeaseRevokeResponse;
import dev.store.api.v1.LeaseTimeToLiveRequest;
import dev.store.api.v1.LeaseTimeToLiveResponse;
import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import dev.store.raft.Replica;
import dev.store.raft.keyspace.Requests;
import dev.store.raft.keyspace.ScopedKey;
import dev.store.raft.lease.LeaseState;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.GrantLease;
import dev.store.raft.v1.KeepAliveReply;
import dev.store.raft.v1.RevokeLease;
import dev.store.raft.v1.TimeToLiveReply;
import dev.store.server.edge.AnsweredInOrder;
import dev.store.server.edge.Headers;
import dev.store.server.edge.Reads;
import dev.store.server.edge.Replies;
import io.grpc.stub.StreamObserver;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The lease service. */
public final class LeaseService extends LeaseGrpc.LeaseImplBase {
    /** Each of them may name thousands of leases. */
    private static final int KEEP_ALIVES_AT_ONCE = 16;

    private static final SecureRandom IDS = new SecureRandom();

    private final Replica replica;
    private final Reads reads;
    private final Headers headers;

    public LeaseService(Replica replica, Reads reads, Headers headers) {
        this.replica = replica;
        this.reads = reads;
        this.headers = headers;
    }

    @Override
    public void grant(LeaseGrantRequest request, StreamObserver<LeaseGrantResponse> call) {
        Replies.answer(call, () -> {
            Requests.grant(request.getTtlMs(), request.getLeaseId());
            Command.Builder command = Command.newBuilder()
                    .setNamespace(Requests.namespace(request.getNamespace()))
                    .setGrantLease(GrantLease.newBuilder()
                            .setLeaseId(request.getLeaseId() == 0 ? randomId() : request.getLeaseId())
                            .setTtlMs(request.getTtlMs()));
            if (request.hasOperation()) {
                Requests.operation(request.getOperation());
                command.setOperation(request.getOperation());
            }
            return propose(command).thenApply(result -> LeaseGrantResponse.newBuilder()
                    .setHeader(headers.at(result.getRevision()))
                    .setLeaseId(result.getGrantLease().getLeaseId())
                    .setTtlMs(result.getGrantLease().getTtlMs())
                    .build());
        });
    }

    @Override
    public void revoke(LeaseRevokeRequest request, StreamObserver<LeaseRevokeResponse> call) {
        Replies.answer(call, () -> {
            Requests.leaseId(request.getLeaseId());
            Command.Builder command = Command.newBuilder()
                    .setNamespace(Requests.namespace(request.getNamespace()))
                    .setRevokeLease(RevokeLease.newBuilder().setLeaseId(request.getLeaseId()));
            if (request.hasOperation()) {
                Requests.operation(request.getOperation());
                command.setOperation(request.getOperation());
            }
            return propose(command).thenApply(result -> LeaseRevokeResponse.newBuilder()
                    .setHeader(headers.at(result.getRevision()))
                    .setDeleted(result.getRevokeLease().getDeleted())
                    .build());
        });
    }

    @Override
    public StreamObserver<LeaseKeepAliveRequest> keepAlive(StreamObserver<LeaseKeepAliveResponse> call) {
        return AnsweredInOrder.start(call, KEEP_ALIVES_AT_ONCE, request -> {
            String namespace = Requests.namespace(request.getNamespace());
            Requests.keepAlive(request.getLeaseIdsList());
            return replica.keepAlive(namespace, request.getLeaseIdsList()).thenApply(this::renewed);
        });
    }

    private LeaseKeepAliveResponse renewed(KeepAliveReply reply) {
        LeaseKeepAliveResponse.Builder response =
                LeaseKeepAliveResponse.newBuilder().setHeader(headers.at(reply.getRevision()));
        reply.getLeasesList()
                .forEach(lease -> response.addResults(LeaseKeepAliveResult.newBuilder()
                        .setLeaseId(lease.getLeaseId())
                        .setTtlMs(lease.getTtlMs())));
        return response.build();
    }

    @Override
    public void timeToLive(LeaseTimeToLiveRequest request, StreamObserver<LeaseTimeToLiveResponse> call) {
        Replies.answer(call, () -> {
            Requests.leaseId(request.getLeaseId());
            return replica.timeToLive(Requests.namespace(request.getNamespace()), request.getLeaseId())
                    .thenCompose(reply -> timeToLive(request, reply));
        });
    }

    @Override
    public void list(LeaseListRequest request, StreamObserver<LeaseListResponse> call) {
        Replies.answer(call, () -> {
            String namespace = Requests.namespace(request.getNamespace());
            Requests.leaseList(request.getAfterLeaseId(), request.getLimit());
            int limit = request.getLimit() == 0 ? Limits.PAGE_ENTRIES : request.getLimit();
            return reads.large(request.getRead(), view -> {
                List<LeaseState> found = replica.leases().stream()
                        .filter(lease -> lease.id() > request.getAfterLeaseId())
                        .filter(lease -> lease.namespace().equals(namespace))
                        .limit(limit + 1L)
                        .toList();
                LeaseListResponse.Builder response = LeaseListResponse.newBuilder()
                        .setHeader(headers.at(view.revision()))
                        .setMore(found.size() > limit);
                found.stream().limit(limit).map(LeaseService::info).forEach(response::addLeases);
                return response.build();
            });
        });
    }

    private CompletableFuture<LeaseTimeToLiveResponse> timeToLive(
            LeaseTimeToLiveRequest request, TimeToLiveReply reply) {
        if (!reply.getFound()) {
            throw new StoreException(
                    ErrorCode.LEASE_NOT_FOUND,
                    "lease_id: " + request.getLeaseId() + " (expected: a lease of namespace "
                            + Requests.namespace(request.getNamespace()) + ")");
        }
        LeaseTimeToLiveResponse.Builder response = LeaseTimeToLiveResponse.newBuilder()
                .setHeader(headers.at(reply.getRevision()))
                .setLeaseId(request.getLeaseId())
                .setGrantedTtlMs(reply.getGrantedTtlMs())
                .setRemainingMs(reply.getRemainingMs())
                .setGrantedAtMs(reply.getGrantedAtMs());
        if (!request.getKeys()) {
            return CompletableFuture.completedFuture(response.build());
        }
        // The leader answered, but the keys come from this member: it must have applied as much.
        ReadOptions read = ReadOptions.newBuilder()
                .setConsistency(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE)
                .setAtLeastRevision(reply.getRevision())
                .build();
        return reads.large(
                read, view -> response.addAllKeys(keys(request.getLeaseId())).build());
    }

    private List<ByteString> keys(long leaseId) {
        List<ByteString> keys =
                // Records of the faces are their own business.
                replica.leaseKeys(leaseId).stream()
                        .filter(key -> ScopedKey.area(key) == ScopedKey.USER_AREA)
                        .map(ScopedKey::key)
                        .toList();
        long bytes = keys.stream().mapToLong(ByteString::size).sum();
        if (bytes > Limits.RESULT_BYTES) {
            throw new StoreException(
                    ErrorCode.RESULT_TOO_LARGE,
                    "keys of the lease: " + bytes + " bytes (expected: at most " + Limits.RESULT_BYTES + ")");
        }
        return keys;
    }

    private CompletableFuture<CommandResult> propose(Command.Builder command) {
        return replica.propose(command.build()).thenApply(Replies::successful);
    }

    private static LeaseInfo info(LeaseState lease) {
        return LeaseInfo.newBuilder()
                .setLeaseId(lease.id())
                .setGrantedTtlMs(lease.ttlMs())
                .setAttachedKeys(lease.attachedKeys())
                .build();
    }

    private static long randomId() {
        // Positive and never 0; 62 random bits do not collide.
        return (IDS.nextLong() >>> 2) + 1;
    }
}
