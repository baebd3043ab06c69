package dev.store.api.client;

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
import dev.store.api.v1.RangeRequest;
import dev.store.api.v1.RangeResponse;
import dev.store.api.v1.TxnRequest;
import dev.store.api.v1.TxnResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of one namespace: reads, writes and transactions.
 *
 * <p>Immutable: {@link #serializable()} and its like return another view. Futures fail with
 * {@link dev.store.api.error.StoreException}. Reads are retried until the timeout; mutations too, exactly once, unless
 * {@link #exactlyOnce(boolean)} says otherwise.
 */
public final class KvClient {
    private final Scope scope;

    KvClient(Scope scope) {
        this.scope = scope;
    }

    /** Calls may take this long, with all their attempts: more than 0, at most 5 minutes. 5 s if not set. */
    public KvClient timeout(Duration timeout) {
        return new KvClient(scope.with(scope.settings.withTimeout(timeout)));
    }

    /** Reads reflect every write acknowledged anywhere before they began. The default. */
    public KvClient linearizable() {
        return new KvClient(scope.with(scope.settings.withSerializable(false)));
    }

    /** Reads are answered from what the asked member has applied: fast, without a leader, possibly behind. */
    public KvClient serializable() {
        return new KvClient(scope.with(scope.settings.withSerializable(true)));
    }

    /** Reads wait until the asked member has reached this revision; 0 means do not wait. */
    public KvClient atLeast(long revision) {
        return new KvClient(scope.with(scope.settings.withAtLeast(revision)));
    }

    /**
     * Whether mutations carry an operation id, so that one whose outcome is not known is sent again and still applied
     * once. Without, such a mutation fails with its outcome unknown. On by default.
     */
    public KvClient exactlyOnce(boolean wanted) {
        return new KvClient(scope.with(scope.settings.withExactlyOnce(wanted)));
    }

    /** Reads one key. */
    public CompletableFuture<GetAnswer> get(String key) {
        return get(Bytes.of(key), 0);
    }

    /** Reads one key. */
    public CompletableFuture<GetAnswer> get(Bytes key) {
        return get(key, 0);
    }

    /** Reads one key as it was at a revision; 0 means the current one. */
    public CompletableFuture<GetAnswer> get(Bytes key, long revision) {
        return new Call<GetRequest, GetResponse, GetAnswer>(scope, KVGrpc.getGetMethod(), Retry.READ) {
            @Override
            GetRequest request(@Nullable OperationId operation) {
                return GetRequest.newBuilder()
                        .setNamespace(scope.namespace())
                        .setKey(key.toByteString())
                        .setRead(scope.read(revision))
                        .setRevision(revision)
                        .build();
            }

            @Override
            GetAnswer answer(GetResponse response) {
                return GetAnswer.of(response);
            }
        }.start();
    }

    /** Puts a key. */
    public CompletableFuture<PutAnswer> put(String key, String value) {
        return put(Op.put(key, value));
    }

    /** Puts a key. */
    public CompletableFuture<PutAnswer> put(Bytes key, Bytes value) {
        return put(Op.put(key, value));
    }

    /** Puts a key. */
    public CompletableFuture<PutAnswer> put(PutOp put) {
        return new Call<PutRequest, PutResponse, PutAnswer>(scope, KVGrpc.getPutMethod(), Call.mutation(scope)) {
            @Override
            PutRequest request(@Nullable OperationId operation) {
                PutRequest.Builder request =
                        PutRequest.newBuilder().setNamespace(scope.namespace()).setPut(put.toProto());
                return operation == null
                        ? request.build()
                        : request.setOperation(operation).build();
            }

            @Override
            PutAnswer answer(PutResponse response) {
                return PutAnswer.of(Header.of(response.getHeader()), response.getResult());
            }
        }.start();
    }

    /** Deletes one key. */
    public CompletableFuture<DeleteAnswer> delete(String key) {
        return delete(Op.delete(key));
    }

    /** Deletes keys. */
    public CompletableFuture<DeleteAnswer> delete(Keys keys) {
        return delete(Op.delete(keys));
    }

    /** Deletes keys. */
    public CompletableFuture<DeleteAnswer> delete(DeleteOp delete) {
        return new Call<DeleteRequest, DeleteResponse, DeleteAnswer>(
                scope, KVGrpc.getDeleteMethod(), Call.mutation(scope)) {
            @Override
            DeleteRequest request(@Nullable OperationId operation) {
                DeleteRequest.Builder request = DeleteRequest.newBuilder()
                        .setNamespace(scope.namespace())
                        .setDelete(delete.toProto());
                return operation == null
                        ? request.build()
                        : request.setOperation(operation).build();
            }

            @Override
            DeleteAnswer answer(DeleteResponse response) {
                return DeleteAnswer.of(Header.of(response.getHeader()), response.getResult());
            }
        }.start();
    }

    /** Reads the first page of some keys: at most 10,000 entries, about 1 MiB. */
    public CompletableFuture<RangeAnswer> range(Keys keys) {
        return range(Op.range(keys));
    }

    /** Reads one page of keys. */
    public CompletableFuture<RangeAnswer> range(RangeOp range) {
        return new Call<RangeRequest, RangeResponse, RangeAnswer>(scope, KVGrpc.getRangeMethod(), Retry.READ) {
            @Override
            RangeRequest request(@Nullable OperationId operation) {
                return RangeRequest.newBuilder()
                        .setNamespace(scope.namespace())
                        .setRead(scope.read(range.toProto().getRevision()))
                        .setRange(range.toProto())
                        .build();
            }

            @Override
            RangeAnswer answer(RangeResponse response) {
                return RangeAnswer.of(Header.of(response.getHeader()), response.getResult());
            }
        }.start();
    }

    /** Reads keys of any number and size at one revision, as they are taken. */
    public EntryStream stream(Keys keys) {
        return stream(Op.range(keys));
    }

    /**
     * Reads keys of any number and size at one revision, as they are taken.
     *
     * @throws IllegalArgumentException if the range is sorted otherwise than by ascending key, counted or continued
     */
    public EntryStream stream(RangeOp range) {
        return new RangeStream(scope, range.toProto());
    }

    /** Runs a transaction. One that only reads is as fresh as other reads of this view. */
    public CompletableFuture<TxnAnswer> txn(Transaction txn) {
        Retry retry = txn.writes() ? Call.mutation(scope) : Retry.READ;
        return new Call<TxnRequest, TxnResponse, TxnAnswer>(scope, KVGrpc.getTxnMethod(), retry) {
            @Override
            TxnRequest request(@Nullable OperationId operation) {
                TxnRequest.Builder request =
                        TxnRequest.newBuilder().setNamespace(scope.namespace()).setTxn(txn.toProto());
                if (retry == Retry.READ) {
                    request.setRead(scope.read(0));
                }
                return operation == null
                        ? request.build()
                        : request.setOperation(operation).build();
            }

            @Override
            TxnAnswer answer(TxnResponse response) {
                return TxnAnswer.of(Header.of(response.getHeader()), response.getResult());
            }
        }.start();
    }

    /** Forgets versions that were overwritten or deleted at or before this revision. */
    public CompletableFuture<CompactAnswer> compact(long revision) {
        return compact(revision, false);
    }

    /**
     * Forgets versions that were overwritten or deleted at or before this revision.
     *
     * @param waitPhysical whether to wait until the member asked has also removed them from its files' live data
     */
    public CompletableFuture<CompactAnswer> compact(long revision, boolean waitPhysical) {
        return new Call<CompactRequest, CompactResponse, CompactAnswer>(
                scope, KVGrpc.getCompactMethod(), Call.mutation(scope)) {
            @Override
            CompactRequest request(@Nullable OperationId operation) {
                CompactRequest.Builder request = CompactRequest.newBuilder()
                        .setNamespace(scope.namespace())
                        .setRevision(revision)
                        .setWaitPhysical(waitPhysical);
                return operation == null
                        ? request.build()
                        : request.setOperation(operation).build();
            }

            @Override
            CompactAnswer answer(CompactResponse response) {
                return new CompactAnswer(Header.of(response.getHeader()));
            }
        }.start();
    }
}
