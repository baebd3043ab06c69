package dev.store.server.services;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.api.v1.Range;
import dev.store.api.v1.RangeChunk;
import dev.store.api.v1.RangeRequest;
import dev.store.api.v1.SortOrder;
import dev.store.api.v1.SortTarget;
import dev.store.raft.keyspace.KeyRange;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.keyspace.Requests;
import dev.store.server.edge.Headers;
import dev.store.server.edge.Reads;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;

/** Starts streamed ranges, and bounds how many hold a view at a time. */
public final class RangeStreams {
    /** Each holds files of the storage on disk, so there is a bound. */
    static final int MAX_STREAMS = 256;

    private final Reads reads;
    private final Headers headers;
    private final ScheduledExecutorService timer;
    private final Duration life;
    private final Semaphore permits = new Semaphore(MAX_STREAMS);

    /**
     * Makes the place where streams start.
     *
     * @param timer ends streams that live too long
     * @param life longest life of a stream
     */
    public RangeStreams(Reads reads, Headers headers, ScheduledExecutorService timer, Duration life) {
        this.reads = reads;
        this.headers = headers;
        this.timer = timer;
        this.life = life;
    }

    void start(RangeRequest request, StreamObserver<RangeChunk> observer) {
        ServerCallStreamObserver<RangeChunk> call = (ServerCallStreamObserver<RangeChunk>) observer;
        String namespace = Requests.namespace(request.getNamespace());
        Requests.range(request.getRange());
        check(request.getRange());
        KeyRange range = Requests.range(namespace, request.getRange().getKeys());
        RangeStream stream = new RangeStream(
                call, request.getRange(), range, headers, reads.pool().forStreams());
        call.setOnCancelHandler(stream::cancel);
        call.setOnReadyHandler(stream::resume);
        if (!permits.tryAcquire()) {
            throw new StoreException(
                    ErrorCode.OVERLOADED, "streamed ranges: " + MAX_STREAMS + " (expected: fewer, try again later)");
        }
        var unused = stream.ended().whenComplete((done, failure) -> permits.release());
        CompletableFuture<KeyspaceView> opened;
        try {
            opened = reads.open(request.getRead());
        } catch (RuntimeException e) {
            stream.abandon();
            throw e;
        }
        var unusedToo = opened.whenComplete((view, failure) -> {
            if (failure == null) {
                stream.begin(view, timer, life);
            } else {
                stream.abandon();
                call.onError(GrpcErrors.toGrpc(failure));
            }
        });
    }

    private static void check(Range range) {
        require(range.getSortBy() == SortTarget.SORT_TARGET_KEY, "sort_by", range.getSortBy(), "SORT_TARGET_KEY");
        require(
                range.getSortOrder() == SortOrder.SORT_ORDER_ASCENDING,
                "sort_order",
                range.getSortOrder(),
                "SORT_ORDER_ASCENDING");
        require(!range.getCountOnly(), "count_only", true, "false");
        require(range.getContinuation().isEmpty(), "continuation", "set", "not set");
    }

    private static void require(boolean valid, String field, Object value, String expected) {
        if (!valid) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    field + ": " + value + " (expected: " + expected + " in a streamed range)");
        }
    }
}
