package dev.store.server.etcd;

import com.google.protobuf.ByteString;
import dev.store.api.v1.Delete;
import dev.store.raft.keyspace.ScopedKey;
import dev.store.raft.v1.Command;
import dev.store.server.edge.Replies;
import dev.store.server.etcd.v3.DeleteRangeRequest;
import dev.store.server.etcd.v3.LockGrpc;
import dev.store.server.etcd.v3.LockRequest;
import dev.store.server.etcd.v3.LockResponse;
import dev.store.server.etcd.v3.UnlockRequest;
import dev.store.server.etcd.v3.UnlockResponse;
import io.grpc.stub.StreamObserver;

/** etcd's lock service. */
final class EtcdLocks extends LockGrpc.LockImplBase {
    private final Line line;
    private final EtcdParts parts;

    EtcdLocks(Line line) {
        this.line = line;
        this.parts = line.parts();
    }

    @Override
    public void lock(LockRequest request, StreamObserver<LockResponse> call) {
        new LineCall<>(
                        line,
                        call,
                        (place, revision) -> LockResponse.newBuilder()
                                .setHeader(parts.headers().at(revision))
                                .setKey(place.key())
                                .build(),
                        "mutex: session is expired")
                .start(entered -> entered.enter(Line.prefix(request.getName()), request.getLease(), ByteString.EMPTY));
    }

    @Override
    public void unlock(UnlockRequest request, StreamObserver<UnlockResponse> call) {
        Replies.answer(call, () -> {
            Delete delete = TxnForm.delete(
                    DeleteRangeRequest.newBuilder().setKey(request.getKey()).build());
            return parts.replica()
                    .propose(Command.newBuilder()
                            .setNamespace(ScopedKey.DEFAULT_NAMESPACE)
                            .setDelete(delete)
                            .build())
                    .thenApply(Replies::successful)
                    .thenApply(result -> UnlockResponse.newBuilder()
                            .setHeader(parts.headers().at(result.getRevision()))
                            .build());
        });
    }
}
