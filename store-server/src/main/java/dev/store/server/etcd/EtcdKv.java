package dev.store.server.etcd;

import com.google.protobuf.ByteString;
import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import dev.store.api.v1.Txn;
import dev.store.raft.Replica;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.keyspace.Requests;
import dev.store.raft.keyspace.ScopedKey;
import dev.store.raft.keyspace.TxnRequests;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.Compact;
import dev.store.server.edge.EncodedMethods;
import dev.store.server.edge.Reads;
import dev.store.server.edge.Replies;
import dev.store.server.etcd.v3.CompactionRequest;
import dev.store.server.etcd.v3.CompactionResponse;
import dev.store.server.etcd.v3.DeleteRangeRequest;
import dev.store.server.etcd.v3.DeleteRangeResponse;
import dev.store.server.etcd.v3.KVGrpc;
import dev.store.server.etcd.v3.PutRequest;
import dev.store.server.etcd.v3.PutResponse;
import dev.store.server.etcd.v3.RangeRequest;
import dev.store.server.etcd.v3.TxnRequest;
import dev.store.server.etcd.v3.TxnResponse;
import io.grpc.BindableService;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;

/** etcd's key-value service. */
final class EtcdKv extends KVGrpc.KVImplBase {
    private static final ReadOptions LINEARIZABLE = ReadOptions.getDefaultInstance();
    private static final ReadOptions SERIALIZABLE = ReadOptions.newBuilder()
            .setConsistency(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE)
            .build();

    private final Replica replica;
    private final Reads reads;
    private final EtcdHeaders headers;
    private final Origin origin;

    EtcdKv(EtcdParts parts) {
        this.replica = parts.replica();
        this.reads = parts.reads();
        this.headers = parts.headers();
        this.origin = parts.origin();
    }

    /** The service, with answers of ranges that are encoded as they are read. */
    BindableService service() {
        return () -> new EncodedMethods(bindService())
                .with(KVGrpc.getRangeMethod(), ServerCalls.asyncUnaryCall(this::rangeEncoded))
                .bound();
    }

    private void rangeEncoded(RangeRequest request, StreamObserver<ByteString> call) {
        Replies.answer(call, () -> {
            TxnForm.check(request);
            return origin.before(() -> RangeReads.isPlainGet(request)
                    ? get(request)
                    : reads.large(
                            options(request.getSerializable()),
                            view -> RangeReads.evaluate(view, request, headers.at(view.revision()))));
        });
    }

    private CompletableFuture<ByteString> get(RangeRequest request) {
        ByteString key = Requests.key(ScopedKey.DEFAULT_NAMESPACE, request.getKey());
        return reads.newest(key, options(request.getSerializable())).thenApply(newest -> {
            RangeAnswer answer = new RangeAnswer();
            KeyRecord found = newest.keyRecord();
            if (found != null) {
                answer.add(request.getKey(), found, !request.getKeysOnly());
            }
            return answer.done(headers.at(newest.revision()), false, found == null ? 0 : 1);
        });
    }

    @Override
    public void put(PutRequest request, StreamObserver<PutResponse> call) {
        Replies.answer(call, () -> propose(Command.newBuilder().setPut(TxnForm.put(request)))
                .thenApply(result -> TxnAnswers.put(result.getPut(), headers.at(result.getRevision()))));
    }

    @Override
    public void deleteRange(DeleteRangeRequest request, StreamObserver<DeleteRangeResponse> call) {
        Replies.answer(call, () -> propose(Command.newBuilder().setDelete(TxnForm.delete(request)))
                .thenApply(result -> TxnAnswers.delete(result.getDelete(), headers.at(result.getRevision()))));
    }

    @Override
    public void txn(TxnRequest request, StreamObserver<TxnResponse> call) {
        Replies.answer(call, () -> {
            Txn txn = TxnForm.txn(request);
            if (TxnRequests.check(txn)) {
                return propose(Command.newBuilder().setTxn(txn))
                        .thenApply(result -> TxnAnswers.txn(
                                request, result.getTxn(), result.getRevision(), headers.at(result.getRevision())));
            }
            return origin.before(() ->
                    reads.large(options(TxnForm.isSerializable(request)), view -> readOnlyTxn(view, request, txn)));
        });
    }

    private TxnResponse readOnlyTxn(KeyspaceView view, TxnRequest request, Txn txn) {
        return TxnAnswers.txn(
                request,
                view.readOnlyTxn(ScopedKey.DEFAULT_NAMESPACE, txn),
                view.revision(),
                headers.at(view.revision()));
    }

    @Override
    public void compact(CompactionRequest request, StreamObserver<CompactionResponse> call) {
        Replies.answer(call, () -> {
            if (request.getRevision() <= 0) {
                // Nothing lies before the first revision: it is always forgotten already.
                throw EtcdErrors.compacted();
            }
            Compact compact =
                    Compact.newBuilder().setRevision(request.getRevision()).build();
            return propose(Command.newBuilder().setCompact(compact))
                    .thenCompose(result -> removed(request).thenApply(done -> CompactionResponse.newBuilder()
                            .setHeader(headers.at(result.getRevision()))
                            .build()));
        });
    }

    private CompletableFuture<Void> removed(CompactionRequest request) {
        return request.getPhysical()
                ? replica.awaitPhysicalCompaction(request.getRevision())
                : CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<CommandResult> propose(Command.Builder command) {
        Command built = command.setNamespace(ScopedKey.DEFAULT_NAMESPACE).build();
        return origin.before(() -> replica.propose(built)).thenApply(Replies::successful);
    }

    private static ReadOptions options(boolean serializable) {
        return serializable ? SERIALIZABLE : LINEARIZABLE;
    }
}
