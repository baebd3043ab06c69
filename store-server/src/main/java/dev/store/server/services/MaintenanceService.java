package dev.store.server.services;

import dev.store.api.v1.HashRequest;
import dev.store.api.v1.HashResponse;
import dev.store.api.v1.MaintenanceGrpc;
import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import dev.store.api.v1.SnapshotChunk;
import dev.store.api.v1.SnapshotRequest;
import dev.store.api.v1.StatusRequest;
import dev.store.api.v1.StatusResponse;
import dev.store.raft.Replica;
import dev.store.raft.keyspace.KeyspaceView.ContentHash;
import dev.store.raft.keyspace.Requests;
import dev.store.server.edge.Headers;
import dev.store.server.edge.NodeFigures;
import dev.store.server.edge.Reads;
import dev.store.server.edge.Replies;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** The maintenance service. */
public final class MaintenanceService extends MaintenanceGrpc.MaintenanceImplBase {
    private static final ReadOptions LOCAL = ReadOptions.newBuilder()
            .setConsistency(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE)
            .build();

    private final Replica replica;
    private final Reads reads;
    private final Headers headers;
    private final NodeFigures figures;
    private final SnapshotStreams snapshots;

    public MaintenanceService(
            Replica replica, Reads reads, Headers headers, NodeFigures figures, SnapshotStreams snapshots) {
        this.replica = replica;
        this.reads = reads;
        this.headers = headers;
        this.figures = figures;
        this.snapshots = snapshots;
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> call) {
        Replies.answer(call, () -> replica.localCalls().status().thenApply(figures::complete));
    }

    @Override
    public void hash(HashRequest request, StreamObserver<HashResponse> call) {
        Replies.answer(call, () -> {
            Requests.revision("revision", request.getRevision());
            return reads.large(LOCAL, view -> {
                ContentHash hash = view.hash(request.getRevision());
                long revision = request.getRevision() == 0 ? view.revision() : request.getRevision();
                return HashResponse.newBuilder()
                        .setHeader(headers.at(view.revision()))
                        .setHash(hash.hash())
                        .setEntries(hash.entries())
                        .setHashRevision(revision)
                        .setCompactRevision(view.compactRevision())
                        .build();
            });
        });
    }

    @Override
    public void snapshot(SnapshotRequest request, StreamObserver<SnapshotChunk> call) {
        snapshots.start((ServerCallStreamObserver<SnapshotChunk>) call);
    }
}
