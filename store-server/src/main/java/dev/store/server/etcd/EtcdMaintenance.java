package dev.store.server.etcd;

import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import dev.store.raft.Replica;
import dev.store.raft.ReplicaInfo;
import dev.store.raft.ReplicaInfo.MemberAddress;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.server.edge.Reads;
import dev.store.server.edge.Replies;
import dev.store.server.etcd.v3.AlarmRequest;
import dev.store.server.etcd.v3.AlarmRequest.AlarmAction;
import dev.store.server.etcd.v3.AlarmResponse;
import dev.store.server.etcd.v3.DefragmentRequest;
import dev.store.server.etcd.v3.DefragmentResponse;
import dev.store.server.etcd.v3.HashKVRequest;
import dev.store.server.etcd.v3.HashKVResponse;
import dev.store.server.etcd.v3.HashRequest;
import dev.store.server.etcd.v3.HashResponse;
import dev.store.server.etcd.v3.MaintenanceGrpc;
import dev.store.server.etcd.v3.MoveLeaderRequest;
import dev.store.server.etcd.v3.MoveLeaderResponse;
import dev.store.server.etcd.v3.SnapshotRequest;
import dev.store.server.etcd.v3.SnapshotResponse;
import dev.store.server.etcd.v3.StatusRequest;
import dev.store.server.etcd.v3.StatusResponse;
import dev.store.server.services.SnapshotStreams;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** etcd's maintenance service. */
final class EtcdMaintenance extends MaintenanceGrpc.MaintenanceImplBase {

    private static final Logger LOG = LoggerFactory.getLogger(EtcdMaintenance.class);
    private static final ReadOptions LOCAL = ReadOptions.newBuilder()
            .setConsistency(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE)
            .build();

    private final Replica replica;
    private final Reads reads;
    private final EtcdHeaders headers;
    private final SnapshotStreams snapshots;

    EtcdMaintenance(EtcdParts parts, SnapshotStreams snapshots) {
        this.replica = parts.replica();
        this.reads = parts.reads();
        this.headers = parts.headers();
        this.snapshots = snapshots;
    }

    /** There are none: a member that cannot go on stops, and says why. */
    @Override
    public void alarm(AlarmRequest request, StreamObserver<AlarmResponse> call) {
        Replies.answer(call, () -> {
            if (request.getAction() == AlarmAction.ACTIVATE) {
                throw EtcdErrors.refused(
                        "action: ACTIVATE (expected: GET or DEACTIVATE; alarms cannot be raised here)");
            }
            // As in etcd, this answer alone has no header.
            return CompletableFuture.completedFuture(AlarmResponse.getDefaultInstance());
        });
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> call) {
        Replies.answer(call, () -> replica.localCalls().status().thenApply(status -> {
            ReplicaInfo info = replica.info();
            StatusResponse.Builder answer = StatusResponse.newBuilder()
                    .setHeader(headers.at(info.revision()))
                    .setVersion(EtcdFace.VERSION)
                    .setDbSize(status.getStorage().getDbSizeBytes())
                    .setDbSizeInUse(status.getStorage().getLiveBytes())
                    .setLeader(leader(info))
                    .setRaftIndex(status.getLog().getCommittedIndex())
                    .setRaftTerm(info.term())
                    .setRaftAppliedIndex(status.getLog().getAppliedIndex())
                    .addAllErrors(status.getProblemsList())
                    .setIsLearner(info.members().stream()
                            .anyMatch(
                                    member -> member.learner() && member.name().equals(info.name())));
            if (answer.getLeader() == 0) {
                answer.addErrors("etcdserver: no leader");
            }
            return answer.build();
        }));
    }

    private static long leader(ReplicaInfo info) {
        return info.members().stream()
                .filter(member -> member.name().equals(info.leader()))
                .mapToLong(MemberAddress::id)
                .findFirst()
                .orElse(0);
    }

    /** Does nothing: RocksDB gives space back by itself, all the time. */
    @Override
    public void defragment(DefragmentRequest request, StreamObserver<DefragmentResponse> call) {
        LOG.info("defragmentation was asked for: nothing to do, the storage gives space back by itself");
        Replies.answer(
                call,
                () -> CompletableFuture.completedFuture(DefragmentResponse.newBuilder()
                        .setHeader(headers.withoutRevision())
                        .build()));
    }

    @Override
    public void hash(HashRequest request, StreamObserver<HashResponse> call) {
        Replies.answer(
                call,
                () -> reads.large(LOCAL, view -> HashResponse.newBuilder()
                        .setHeader(headers.at(view.revision()))
                        .setHash(hash(view, 0))
                        .build()));
    }

    @Override
    public void hashKV(HashKVRequest request, StreamObserver<HashKVResponse> call) {
        Replies.answer(
                call,
                () -> reads.large(LOCAL, view -> HashKVResponse.newBuilder()
                        .setHeader(headers.at(view.revision()))
                        .setHash(hash(view, hashable(request.getRevision(), view)))
                        .setCompactRevision(view.compactRevision())
                        .build()));
    }

    /** Etcd 3.4 hashes no state at or before the compaction revision, although that one can still be read. */
    private static long hashable(long revision, KeyspaceView view) {
        if (revision > 0 && revision <= view.compactRevision()) {
            throw EtcdErrors.compacted();
        }
        return Math.max(0, revision);
    }

    /** Half of the bits, mixed with the others. */
    private static int hash(KeyspaceView view, long revision) {
        return Long.hashCode(view.hash(revision).hash());
    }

    @Override
    public void snapshot(SnapshotRequest request, StreamObserver<SnapshotResponse> call) {
        snapshots.start(new SnapshotBlobs((ServerCallStreamObserver<SnapshotResponse>) call, headers));
    }

    @Override
    public void moveLeader(MoveLeaderRequest request, StreamObserver<MoveLeaderResponse> call) {
        Replies.answer(call, () -> {
            MemberAddress target = replica.info().members().stream()
                    .filter(member -> member.id() == request.getTargetID() && !member.learner())
                    .findFirst()
                    .orElseThrow(EtcdErrors::badTransferee);
            return replica.transferLeadership(target.name()).thenApply(done -> MoveLeaderResponse.newBuilder()
                    .setHeader(headers.withoutRevision())
                    .build());
        });
    }
}
