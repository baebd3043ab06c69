package dev.store.server.services;

import com.google.protobuf.ByteString;
import dev.store.api.v1.CompactRequest;
import dev.store.api.v1.CompactResponse;
import dev.store.api.v1.DeleteRequest;
import dev.store.api.v1.DeleteResponse;
import dev.store.api.v1.GetRequest;
import dev.store.api.v1.GetResponse;
import dev.store.api.v1.KVGrpc;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.PutResponse;
import dev.store.api.v1.RangeChunk;
import dev.store.api.v1.RangeRequest;
import dev.store.api.v1.RangeResponse;
import dev.store.api.v1.RangeResult;
import dev.store.api.v1.TxnRequest;
import dev.store.api.v1.TxnResponse;
import dev.store.api.v1.TxnResult;
import dev.store.raft.Replica;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.Requests;
import dev.store.raft.keyspace.TxnRequests;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.Compact;
import dev.store.server.edge.Headers;
import dev.store.server.edge.Reads;
import dev.store.server.edge.Replies;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The key-value service: validates, then proposes or reads. */
public final class KvService extends KVGrpc.KVImplBase {
    private final Replica replica;
    private final Reads reads;
    private final Headers headers;
    private final RangeStreams streams;

    public KvService(Replica replica, Reads reads, Headers headers, RangeStreams streams) {
        this.replica = replica;
        this.reads = reads;
        this.headers = headers;
        this.streams = streams;
    }

    @Override
    public void get(GetRequest request, StreamObserver<GetResponse> call) {
        Replies.answer(call, () -> {
            ByteString key = Requests.key(Requests.namespace(request.getNamespace()), request.getKey());
            Requests.revision("revision", request.getRevision());
            return request.getRevision() == 0
                    ? reads.newest(key, request.getRead())
                            .thenApply(found -> got(found.revision(), found.keyRecord(), request))
                    : reads.brief(
                            request.getRead(),
                            view -> got(
                                    view.revision(),
                                    view.get(key, request.getRevision()).orElse(null),
                                    request));
        });
    }

    @Override
    public void range(RangeRequest request, StreamObserver<RangeResponse> call) {
        Replies.answer(call, () -> {
            String namespace = Requests.namespace(request.getNamespace());
            Requests.range(request.getRange());
            return reads.large(request.getRead(), view -> {
                RangeResult result = view.range(namespace, request.getRange());
                return RangeResponse.newBuilder()
                        .setHeader(headers.at(view.revision()))
                        .setResult(result)
                        .build();
            });
        });
    }

    @Override
    public void streamRange(RangeRequest request, StreamObserver<RangeChunk> call) {
        streams.start(request, call);
    }

    @Override
    public void put(PutRequest request, StreamObserver<PutResponse> call) {
        Replies.answer(call, () -> {
            Command.Builder command = command(request.getNamespace());
            Requests.put(request.getPut());
            if (request.hasOperation()) {
                operation(command, request.getOperation());
            }
            return propose(command.setPut(request.getPut())).thenApply(result -> PutResponse.newBuilder()
                    .setHeader(headers.at(result.getRevision()))
                    .setResult(result.getPut())
                    .build());
        });
    }

    @Override
    public void delete(DeleteRequest request, StreamObserver<DeleteResponse> call) {
        Replies.answer(call, () -> {
            Command.Builder command = command(request.getNamespace());
            Requests.delete(request.getDelete());
            if (request.hasOperation()) {
                operation(command, request.getOperation());
            }
            return propose(command.setDelete(request.getDelete())).thenApply(result -> DeleteResponse.newBuilder()
                    .setHeader(headers.at(result.getRevision()))
                    .setResult(result.getDelete())
                    .build());
        });
    }

    @Override
    public void txn(TxnRequest request, StreamObserver<TxnResponse> call) {
        Replies.answer(call, () -> {
            Command.Builder command = command(request.getNamespace());
            boolean writes = TxnRequests.check(request.getTxn());
            if (!writes) {
                return reads.large(
                        request.getRead(),
                        view -> txnResponse(
                                view.revision(), view.readOnlyTxn(command.getNamespace(), request.getTxn())));
            }
            if (request.hasOperation()) {
                operation(command, request.getOperation());
            }
            return propose(command.setTxn(request.getTxn()))
                    .thenApply(result -> txnResponse(result.getRevision(), result.getTxn()));
        });
    }

    @Override
    public void compact(CompactRequest request, StreamObserver<CompactResponse> call) {
        Replies.answer(call, () -> {
            Command.Builder command = command(request.getNamespace());
            Requests.compact(request.getRevision());
            if (request.hasOperation()) {
                operation(command, request.getOperation());
            }
            return propose(command.setCompact(Compact.newBuilder().setRevision(request.getRevision())))
                    .thenCompose(result -> compacted(request, result));
        });
    }

    private CompletableFuture<CompactResponse> compacted(CompactRequest request, CommandResult result) {
        CompletableFuture<Void> physical = request.getWaitPhysical()
                ? replica.awaitPhysicalCompaction(request.getRevision())
                : CompletableFuture.completedFuture(null);
        return physical.thenApply(done -> CompactResponse.newBuilder()
                .setHeader(headers.at(result.getRevision()))
                .build());
    }

    private CompletableFuture<CommandResult> propose(Command.Builder command) {
        return replica.propose(command.build()).thenApply(Replies::successful);
    }

    private GetResponse got(long revision, @Nullable KeyRecord found, GetRequest request) {
        GetResponse.Builder response = GetResponse.newBuilder().setHeader(headers.at(revision));
        if (found != null) {
            response.setEntry(found.toKeyValue(request.getKey(), true));
        }
        return response.build();
    }

    private TxnResponse txnResponse(long revision, TxnResult result) {
        return TxnResponse.newBuilder()
                .setHeader(headers.at(revision))
                .setResult(result)
                .build();
    }

    private static Command.Builder command(String namespace) {
        return Command.newBuilder().setNamespace(Requests.namespace(namespace));
    }

    private static void operation(Command.Builder command, OperationId operation) {
        Requests.operation(operation);
        command.setOperation(operation);
    }
}
