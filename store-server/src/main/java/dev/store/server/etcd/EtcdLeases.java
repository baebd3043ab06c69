package dev.store.server.etcd;

import com.google.protobuf.ByteString;
import dev.store.api.Limits;
import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import dev.store.raft.keyspace.ScopedKey;
import dev.store.raft.lease.LeaseState;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.GrantLease;
import dev.store.raft.v1.KeepAliveReply;
import dev.store.raft.v1.RevokeLease;
import dev.store.raft.v1.TimeToLiveReply;
import dev.store.server.edge.AnsweredInOrder;
import dev.store.server.edge.Replies;
import dev.store.server.etcd.v3.LeaseGrantRequest;
import dev.store.server.etcd.v3.LeaseGrantResponse;
import dev.store.server.etcd.v3.LeaseGrpc;
import dev.store.server.etcd.v3.LeaseKeepAliveRequest;
import dev.store.server.etcd.v3.LeaseKeepAliveResponse;
import dev.store.server.etcd.v3.LeaseLeasesRequest;
import dev.store.server.etcd.v3.LeaseLeasesResponse;
import dev.store.server.etcd.v3.LeaseRevokeRequest;
import dev.store.server.etcd.v3.LeaseRevokeResponse;
import dev.store.server.etcd.v3.LeaseStatus;
import dev.store.server.etcd.v3.LeaseTimeToLiveRequest;
import dev.store.server.etcd.v3.LeaseTimeToLiveResponse;
import io.grpc.stub.StreamObserver;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** etcd's lease service. Times are whole seconds here. */
final class EtcdLeases extends LeaseGrpc.LeaseImplBase {
    /** What etcd refuses. */
    private static final long MAX_TTL_SECONDS = 9_000_000_000L;

    /** Each of them names one lease, and clients send those of all their leases on one stream. */
    private static final int KEEP_ALIVES_AT_ONCE = 500;

    private static final SecureRandom IDS = new SecureRandom();

    private final EtcdParts parts;

    EtcdLeases(EtcdParts parts) {
        this.parts = parts;
    }

    @Override
    public void leaseGrant(LeaseGrantRequest request, StreamObserver<LeaseGrantResponse> call) {
        Replies.answer(call, () -> {
            if (request.getTTL() > MAX_TTL_SECONDS) {
                throw EtcdErrors.leaseTtlTooLarge();
            }
            if (request.getID() < 0) {
                throw EtcdErrors.invalid("lease ID: " + request.getID() + " (expected: at least 0)");
            }
            return grant(request.getID(), request.getTTL()).thenApply(result -> LeaseGrantResponse.newBuilder()
                    .setHeader(parts.headers().at(result.getRevision()))
                    .setID(result.getGrantLease().getLeaseId())
                    .setTTL(seconds(result.getGrantLease().getTtlMs()))
                    .build());
        });
    }

    /**
     * Grants a lease; what is shorter or longer than can be is granted for the shortest or longest time, as the answer says.
     *
     * @param id 0 to have one chosen
     */
    CompletableFuture<CommandResult> grant(long id, long ttlSeconds) {
        long bounded =
                Math.min(Limits.LEASE_TTL_MAX.toSeconds(), Math.max(Limits.LEASE_TTL_MIN.toSeconds(), ttlSeconds));
        return propose(Command.newBuilder()
                .setGrantLease(GrantLease.newBuilder()
                        .setLeaseId(id == 0 ? randomId() : id)
                        .setTtlMs(bounded * 1_000)));
    }

    @Override
    public void leaseRevoke(LeaseRevokeRequest request, StreamObserver<LeaseRevokeResponse> call) {
        Replies.answer(call, () -> {
            if (request.getID() <= 0) {
                throw EtcdErrors.leaseNotFound();
            }
            return propose(Command.newBuilder()
                            .setRevokeLease(RevokeLease.newBuilder().setLeaseId(request.getID())))
                    .thenApply(result -> LeaseRevokeResponse.newBuilder()
                            .setHeader(parts.headers().at(result.getRevision()))
                            .build());
        });
    }

    @Override
    public StreamObserver<LeaseKeepAliveRequest> leaseKeepAlive(StreamObserver<LeaseKeepAliveResponse> call) {
        return AnsweredInOrder.start(call, KEEP_ALIVES_AT_ONCE, request -> {
            if (request.getID() <= 0) {
                return CompletableFuture.completedFuture(
                        alive(request, parts.replica().info().revision(), 0));
            }
            return parts.replica()
                    .keepAlive(ScopedKey.DEFAULT_NAMESPACE, List.of(request.getID()))
                    .thenApply(reply -> renewed(request, reply));
        });
    }

    private LeaseKeepAliveResponse renewed(LeaseKeepAliveRequest request, KeepAliveReply reply) {
        return alive(request, reply.getRevision(), seconds(reply.getLeases(0).getTtlMs()));
    }

    private LeaseKeepAliveResponse alive(LeaseKeepAliveRequest request, long revision, long ttlSeconds) {
        return LeaseKeepAliveResponse.newBuilder()
                .setHeader(parts.headers().at(revision))
                .setID(request.getID())
                .setTTL(ttlSeconds)
                .build();
    }

    @Override
    public void leaseTimeToLive(LeaseTimeToLiveRequest request, StreamObserver<LeaseTimeToLiveResponse> call) {
        Replies.answer(call, () -> {
            if (request.getID() <= 0) {
                return CompletableFuture.completedFuture(
                        gone(request, parts.replica().info().revision()));
            }
            return parts.replica()
                    .timeToLive(ScopedKey.DEFAULT_NAMESPACE, request.getID())
                    .thenCompose(reply -> timeToLive(request, reply));
        });
    }

    private CompletableFuture<LeaseTimeToLiveResponse> timeToLive(
            LeaseTimeToLiveRequest request, TimeToLiveReply reply) {
        if (!reply.getFound()) {
            return CompletableFuture.completedFuture(gone(request, reply.getRevision()));
        }
        LeaseTimeToLiveResponse.Builder response = LeaseTimeToLiveResponse.newBuilder()
                .setHeader(parts.headers().at(reply.getRevision()))
                .setID(request.getID())
                .setTTL(reply.getRemainingMs() / 1_000)
                .setGrantedTTL(seconds(reply.getGrantedTtlMs()));
        if (!request.getKeys()) {
            return CompletableFuture.completedFuture(response.build());
        }
        // The leader answered, but the keys come from this member: it must have applied as much.
        return parts.reads().large(atLeast(reply.getRevision()), view -> response.addAllKeys(keys(request.getID()))
                .build());
    }

    private LeaseTimeToLiveResponse gone(LeaseTimeToLiveRequest request, long revision) {
        return LeaseTimeToLiveResponse.newBuilder()
                .setHeader(parts.headers().at(revision))
                .setID(request.getID())
                .setTTL(-1)
                .build();
    }

    /** There are {@link Limits#LEASE_KEYS} at most. */
    private List<ByteString> keys(long leaseId) {
        // Records of the faces are their own business.
        return parts.replica().leaseKeys(leaseId).stream()
                .filter(key -> ScopedKey.area(key) == ScopedKey.USER_AREA)
                .map(ScopedKey::key)
                .toList();
    }

    @Override
    public void leaseLeases(LeaseLeasesRequest request, StreamObserver<LeaseLeasesResponse> call) {
        Replies.answer(call, () -> parts.reads().large(ReadOptions.getDefaultInstance(), view -> {
            LeaseLeasesResponse.Builder response =
                    LeaseLeasesResponse.newBuilder().setHeader(parts.headers().at(view.revision()));
            parts.replica().leases().stream()
                    .filter(lease -> lease.namespace().equals(ScopedKey.DEFAULT_NAMESPACE))
                    .map(LeaseState::id)
                    .forEach(id -> response.addLeases(LeaseStatus.newBuilder().setID(id)));
            return response.build();
        }));
    }

    /** A read of what this member has applied, once that is so much. */
    static ReadOptions atLeast(long revision) {
        return ReadOptions.newBuilder()
                .setConsistency(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE)
                .setAtLeastRevision(revision)
                .build();
    }

    private CompletableFuture<CommandResult> propose(Command.Builder command) {
        return parts.replica()
                .propose(command.setNamespace(ScopedKey.DEFAULT_NAMESPACE).build())
                .thenApply(Replies::successful);
    }

    /** Rounded up: a lease of half a second is none of 0, which would mean that there is no such lease. */
    private static long seconds(long ms) {
        return (ms + 999) / 1_000;
    }

    private static long randomId() {
        // Positive and never 0; 62 random bits do not collide.
        return (IDS.nextLong() >>> 2) + 1;
    }
}
