package dev.store.server.services;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.Range;
import dev.store.api.v1.RangeChunk;
import dev.store.api.v1.ResponseHeader;
import dev.store.raft.keyspace.KeyRange;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.keyspace.KeyspaceView.KeyCursor;
import dev.store.raft.keyspace.ScopedKey;
import dev.store.server.edge.Headers;
import dev.store.server.edge.SerialTask;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One streamed range: writes chunks as long as the call takes them, from a view that it holds until the end.
 *
 * <p>Everything but the requests for a run happens in the serial task, so the fields need no lock.
 */
final class RangeStream {
    private static final int CHUNK_BYTES = 256 * 1024;
    private static final int CHUNK_ENTRIES = 2_000;

    private final ServerCallStreamObserver<RangeChunk> call;
    private final Range wanted;
    private final KeyRange range;
    private final Headers headers;
    private final SerialTask task;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private volatile @Nullable KeyspaceView view;
    private volatile boolean canceled;
    private volatile boolean expired;
    private @Nullable KeyCursor cursor;
    private @Nullable ResponseHeader header;
    private @Nullable ScheduledFuture<?> expiry;
    private long total;

    RangeStream(
            ServerCallStreamObserver<RangeChunk> call,
            Range wanted,
            KeyRange range,
            Headers headers,
            Executor executor) {
        this.call = call;
        this.wanted = wanted;
        this.range = range;
        this.headers = headers;
        this.task = new SerialTask(executor, this::run);
    }

    /** Completes when the stream holds nothing any more. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    /** Takes over the view and starts to write. */
    void begin(KeyspaceView opened, ScheduledExecutorService timer, Duration life) {
        expiry = timer.schedule(this::expire, life.toMillis(), TimeUnit.MILLISECONDS);
        view = opened;
        task.schedule();
    }

    /** The call takes more. */
    void resume() {
        task.schedule();
    }

    /** The caller has gone; what is being opened for it still comes, and is closed then. */
    void cancel() {
        canceled = true;
        task.schedule();
    }

    /** There is nothing to stream. */
    void abandon() {
        ended.complete(null);
    }

    private void expire() {
        expired = true;
        task.schedule();
    }

    private void run() {
        KeyspaceView opened = view;
        if (ended.isDone() || opened == null) {
            return;
        }
        if (canceled) {
            release();
            return;
        }
        try {
            while (!canceled && !expired && call.isReady() && !ended.isDone()) {
                writeChunk(opened);
            }
            if (expired && !canceled && !ended.isDone()) {
                throw new StoreException(
                        ErrorCode.STREAM_EXPIRED,
                        "streamed range: not taken in time (expected: go on from the last key at revision "
                                + opened.revision() + ")");
            }
        } catch (RuntimeException e) {
            release();
            call.onError(GrpcErrors.toGrpc(e));
        }
    }

    private void writeChunk(KeyspaceView opened) {
        if (cursor == null) {
            cursor = opened.scan(range, wanted.getRevision());
            header = headers.at(wanted.getRevision() == 0 ? opened.revision() : wanted.getRevision());
        }
        RangeChunk.Builder chunk = RangeChunk.newBuilder().setHeader(header);
        int bytes = 0;
        boolean more = true;
        while (bytes < CHUNK_BYTES && chunk.getEntriesCount() < CHUNK_ENTRIES) {
            more = !limitReached() && cursor.next();
            if (!more) {
                break;
            }
            KeyRecord found = cursor.keyRecord();
            if (matches(found)) {
                KeyValue entry = found.toKeyValue(ScopedKey.key(cursor.scopedKey()), !wanted.getKeysOnly());
                chunk.addEntries(entry);
                bytes += entry.getSerializedSize();
                total++;
            }
        }
        if (more) {
            call.onNext(chunk.build());
            return;
        }
        release();
        call.onNext(chunk.setTotal(total).build());
        call.onCompleted();
    }

    private boolean limitReached() {
        return wanted.getLimit() > 0 && total >= wanted.getLimit();
    }

    private boolean matches(KeyRecord found) {
        return within(found.modRevision(), wanted.getMinModRevision(), wanted.getMaxModRevision())
                && within(found.createRevision(), wanted.getMinCreateRevision(), wanted.getMaxCreateRevision());
    }

    private static boolean within(long revision, long min, long max) {
        return revision >= min && (max == 0 || revision <= max);
    }

    private void release() {
        if (expiry != null) {
            expiry.cancel(false);
        }
        if (cursor != null) {
            cursor.close();
            cursor = null;
        }
        KeyspaceView opened = view;
        if (opened != null) {
            opened.close();
        }
        ended.complete(null);
    }
}
