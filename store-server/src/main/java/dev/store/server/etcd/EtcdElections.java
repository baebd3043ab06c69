package dev.store.server.etcd;

import com.google.protobuf.ByteString;
import dev.store.api.v1.ReadOptions;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.keyspace.ScopedKey;
import dev.store.server.edge.Replies;
import dev.store.server.etcd.Line.Place;
import dev.store.server.etcd.v3.CampaignRequest;
import dev.store.server.etcd.v3.CampaignResponse;
import dev.store.server.etcd.v3.ElectionGrpc;
import dev.store.server.etcd.v3.KeyValue;
import dev.store.server.etcd.v3.LeaderKey;
import dev.store.server.etcd.v3.LeaderRequest;
import dev.store.server.etcd.v3.LeaderResponse;
import dev.store.server.etcd.v3.ProclaimRequest;
import dev.store.server.etcd.v3.ProclaimResponse;
import dev.store.server.etcd.v3.ResignRequest;
import dev.store.server.etcd.v3.ResignResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** etcd's election service: a line whose first one is elected and shows a value. */
final class EtcdElections extends ElectionGrpc.ElectionImplBase {
    private final Line line;
    private final EtcdParts parts;
    private final Set<ObserveCall> observers = ConcurrentHashMap.newKeySet();

    EtcdElections(Line line) {
        this.line = line;
        this.parts = line.parts();
    }

    @Override
    public void campaign(CampaignRequest request, StreamObserver<CampaignResponse> call) {
        new LineCall<>(
                        line,
                        call,
                        (place, revision) -> CampaignResponse.newBuilder()
                                .setHeader(parts.headers().at(revision))
                                .setLeader(LeaderKey.newBuilder()
                                        .setName(request.getName())
                                        .setKey(place.key())
                                        .setRev(place.madeAt())
                                        .setLease(place.lease()))
                                .build(),
                        "election: session expired")
                .start(entered -> entered.enter(Line.prefix(request.getName()), request.getLease(), request.getValue())
                        .thenCompose(place -> shown(place, request.getValue())));
    }

    /** A lease that stands in the line already may show another value than it did. */
    private CompletableFuture<Place> shown(Place place, ByteString value) {
        return place.value().equals(value)
                ? CompletableFuture.completedFuture(place)
                : line.show(place.key(), place.madeAt(), place.lease(), value).thenApply(result -> place);
    }

    @Override
    public void proclaim(ProclaimRequest request, StreamObserver<ProclaimResponse> call) {
        Replies.answer(call, () -> {
            LeaderKey leader = present(request.hasLeader(), request.getLeader());
            return line.show(leader.getKey(), leader.getRev(), leader.getLease(), request.getValue())
                    .thenApply(result -> {
                        if (!result.getTxn().getSucceeded()) {
                            throw EtcdErrors.plain("election: not leader");
                        }
                        return ProclaimResponse.newBuilder()
                                .setHeader(parts.headers().at(result.getRevision()))
                                .build();
                    });
        });
    }

    @Override
    public void resign(ResignRequest request, StreamObserver<ResignResponse> call) {
        Replies.answer(call, () -> {
            LeaderKey leader = present(request.hasLeader(), request.getLeader());
            return line.leave(leader.getKey(), leader.getRev()).thenApply(result -> ResignResponse.newBuilder()
                    .setHeader(parts.headers().at(result.getRevision()))
                    .build());
        });
    }

    private static LeaderKey present(boolean given, LeaderKey leader) {
        if (!given) {
            throw EtcdErrors.plain("\"leader\" field must be provided");
        }
        if (leader.getKey().isEmpty()) {
            throw EtcdErrors.emptyKey();
        }
        return leader;
    }

    @Override
    public void leader(LeaderRequest request, StreamObserver<LeaderResponse> call) {
        Replies.answer(call, () -> parts.reads().large(ReadOptions.getDefaultInstance(), view -> {
            KeyValue first = first(view, Line.prefix(request.getName()));
            if (first == null) {
                throw EtcdErrors.plain("election: no leader");
            }
            return LeaderResponse.newBuilder()
                    .setHeader(parts.headers().at(view.revision()))
                    .setKv(first)
                    .build();
        }));
    }

    private static @Nullable KeyValue first(KeyspaceView view, ByteString prefix) {
        ByteString key = ByteString.EMPTY;
        KeyRecord oldest = null;
        try (KeyspaceView.KeyCursor cursor = view.scan(KeySelection.prefix(prefix), 0)) {
            while (cursor.next()) {
                KeyRecord found = cursor.keyRecord();
                if (oldest == null || found.createRevision() < oldest.createRevision()) {
                    key = ScopedKey.key(cursor.scopedKey());
                    oldest = found;
                }
            }
        }
        return oldest == null ? null : Entries.of(key, oldest, true);
    }

    @Override
    public void observe(LeaderRequest request, StreamObserver<LeaderResponse> call) {
        ObserveCall observer = new ObserveCall(
                parts,
                (ServerCallStreamObserver<LeaderResponse>) call,
                Line.prefix(request.getName()),
                observers::remove);
        observers.add(observer);
        observer.start();
    }

    /** Ends all streams, so that their callers go to another member. */
    void stop() {
        observers.forEach(ObserveCall::stop);
    }
}
