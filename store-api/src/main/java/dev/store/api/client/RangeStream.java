package dev.store.api.client;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.api.v1.KVGrpc;
import dev.store.api.v1.Range;
import dev.store.api.v1.RangeChunk;
import dev.store.api.v1.RangeRequest;
import dev.store.api.v1.SortOrder;
import dev.store.api.v1.SortTarget;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A streamed range that goes on after the last key it gave when a member fails, or holds it no longer. */
final class RangeStream implements EntryStream {
    private static final long FIRST_BACKOFF_NANOS = 25_000_000L;
    private static final long LONGEST_BACKOFF_NANOS = 500_000_000L;

    private final Scope scope;
    private final Range range;

    // All guarded by this; futures are completed without the lock.
    private @Nullable Pull pull;
    private @Nullable Attempt attempt;
    private @Nullable Endpoint failed;
    private ByteString lastKey = ByteString.EMPTY;
    private long revision;
    private long given;
    private int failures;
    private boolean ended;
    /** Why the stream ended, if not because there are no more entries; each later call fails so. */
    private @Nullable StoreException failure;

    RangeStream(Scope scope, Range range) {
        if (range.getSortBy() != SortTarget.SORT_TARGET_KEY
                || range.getSortOrder() != SortOrder.SORT_ORDER_ASCENDING
                || range.getCountOnly()
                || !range.getContinuation().isEmpty()) {
            throw new IllegalArgumentException("streamed range: sorted, counted or continued"
                    + " (expected: entries in ascending order of key, from the first)");
        }
        this.scope = scope;
        this.range = range;
    }

    @Override
    public CompletableFuture<List<Entry>> next() {
        Pull asked = new Pull();
        Attempt open;
        synchronized (this) {
            if (pull != null) {
                throw new IllegalStateException("entries: asked for again (expected: after the answer)");
            }
            if (failure != null) {
                return CompletableFuture.failedFuture(failure);
            }
            if (ended || exhausted()) {
                ended = true;
                return CompletableFuture.completedFuture(List.of());
            }
            pull = asked;
            open = attempt;
        }
        asked.timeout = scope.connection.timer().after(scope.settings.timeoutNanos(), () -> timedOut(asked));
        if (open == null) {
            open();
        } else {
            open.call.request(1);
        }
        return asked;
    }

    private boolean exhausted() {
        return range.getLimit() > 0 && given >= range.getLimit();
    }

    private void open() {
        synchronized (this) {
            if (pull == null || ended) {
                return;
            }
            if (scope.connection.closed()) {
                finish(null, new StoreException(ErrorCode.CANCELED, "client: closed (expected: open)"));
                return;
            }
            Attempt opened = new Attempt(scope.connection.endpoints().pick(failed));
            attempt = opened;
            // With the lock: a call must not be canceled between these.
            opened.call.start(opened, new Metadata());
            opened.call.request(1);
            opened.call.sendMessage(request());
            opened.call.halfClose();
        }
    }

    private RangeRequest request() {
        Range.Builder rest = range.toBuilder();
        if (revision > 0) {
            rest.setRevision(revision);
        }
        if (!lastKey.isEmpty()) {
            rest.setKeys(Keys.after(lastKey, range.getKeys()));
        }
        if (range.getLimit() > 0) {
            rest.setLimit(range.getLimit() - given);
        }
        return RangeRequest.newBuilder()
                .setNamespace(scope.namespace())
                .setRead(scope.read(rest.getRevision()))
                .setRange(rest)
                .build();
    }

    private void received(Attempt from, RangeChunk chunk) {
        List<Entry> entries = Entry.listOf(chunk.getEntriesList());
        Pull answered;
        synchronized (this) {
            if (from != attempt) {
                return;
            }
            revision = chunk.getHeader().getRevision();
            scope.session.saw(revision);
            from.count += entries.size();
            given += entries.size();
            from.total = chunk.hasTotal() ? chunk.getTotal() : from.total;
            failures = 0;
            failed = null;
            if (!entries.isEmpty()) {
                lastKey = chunk.getEntries(chunk.getEntriesCount() - 1).getKey();
                answered = pull;
                pull = null;
            } else {
                answered = null;
            }
        }
        if (answered != null) {
            answered.answer(entries);
        } else {
            from.call.request(1);
        }
    }

    private void closed(Attempt from, Status status, Metadata trailers) {
        StoreException error;
        synchronized (this) {
            if (from != attempt) {
                return;
            }
            attempt = null;
            if (status.isOk() && from.total == from.count) {
                finish(List.of(), null);
                return;
            }
            error = status.isOk()
                    ? new StoreException(
                            ErrorCode.INTERNAL,
                            "entries of a stream: " + from.count + " (expected: " + from.total + ")")
                    : Failures.of(
                            status,
                            trailers,
                            from.call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR),
                            from.endpoint);
            if (!error.code().retryable() && error.code() != ErrorCode.STREAM_EXPIRED) {
                finish(null, error);
                return;
            }
            if (error.code() != ErrorCode.STREAM_EXPIRED) {
                from.endpoint.failed(error.code(), from.channel);
                failed = from.endpoint;
                failures++;
            }
            if (pull == null) {
                return; // Goes on when more is asked for.
            }
            pull.last = error;
        }
        long longest = Math.min(LONGEST_BACKOFF_NANOS, FIRST_BACKOFF_NANOS << Math.min(10, failures));
        long pause = longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1);
        scope.connection.timer().after(pause, this::open);
    }

    /** Ends the stream and answers whoever waits, off the lock. */
    private void finish(@Nullable List<Entry> entries, @Nullable StoreException error) {
        ended = true;
        // Also without anybody waiting: an error that came between two calls must not look like the end of the entries.
        failure = failure == null ? error : failure;
        Pull waiting = pull;
        pull = null;
        if (waiting != null) {
            scope.connection.workers().execute(() -> {
                if (error == null) {
                    waiting.answer(entries == null ? List.of() : entries);
                } else {
                    waiting.fail(error);
                }
            });
        }
    }

    private void timedOut(Pull asked) {
        Attempt hung;
        synchronized (this) {
            if (pull != asked) {
                return;
            }
            hung = attempt;
            attempt = null;
            StoreException last = asked.last;
            finish(
                    null,
                    new StoreException(
                            ErrorCode.DEADLINE_EXCEEDED,
                            "entries: none within " + scope.settings.timeoutNanos() / 1_000_000 + " ms"
                                    + (last == null ? "" : "; the last failure: " + last.getMessage())));
        }
        if (hung != null) {
            hung.call.cancel("timed out", null);
        }
    }

    @Override
    public synchronized long revision() {
        return revision;
    }

    @Override
    public Iterator<Entry> iterator() {
        return new Entries();
    }

    @Override
    public void close() {
        Attempt open;
        synchronized (this) {
            open = attempt;
            attempt = null;
            finish(null, new StoreException(ErrorCode.CANCELED, "stream: closed (expected: open)"));
        }
        if (open != null) {
            open.call.cancel("closed by the caller", null);
        }
    }

    /** Entries that were asked for. */
    private static final class Pull extends CompletableFuture<List<Entry>> {
        private Timer.@Nullable Task timeout;
        private @Nullable StoreException last;

        private void answer(List<Entry> entries) {
            cancelTimeout();
            complete(entries);
        }

        private void fail(StoreException error) {
            cancelTimeout();
            completeExceptionally(error);
        }

        private void cancelTimeout() {
            Timer.Task set = timeout;
            if (set != null) {
                set.cancel();
            }
        }
    }

    /** The stream of one member. */
    private final class Attempt extends ClientCall.Listener<RangeChunk> {
        private final Endpoint endpoint;
        private final ManagedChannel channel;
        private final ClientCall<RangeRequest, RangeChunk> call;
        private long count;
        private long total = -1;

        Attempt(Endpoint endpoint) {
            this.endpoint = endpoint;
            this.channel = endpoint.channel();
            this.call = channel.newCall(KVGrpc.getStreamRangeMethod(), CallOptions.DEFAULT);
        }

        @Override
        public void onMessage(RangeChunk chunk) {
            received(this, chunk);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            closed(this, status, trailers);
        }
    }

    /** Takes chunk after chunk, blocking. */
    private final class Entries implements Iterator<Entry> {
        private Iterator<Entry> chunk = List.<Entry>of().iterator();
        private boolean over;

        @Override
        public boolean hasNext() {
            while (!over && !chunk.hasNext()) {
                List<Entry> more;
                try {
                    more = RangeStream.this.next().join();
                } catch (CompletionException e) {
                    throw GrpcErrors.fromGrpc(e);
                }
                over = more.isEmpty();
                chunk = more.iterator();
            }
            return chunk.hasNext();
        }

        @Override
        public Entry next() {
            if (!hasNext()) {
                throw new NoSuchElementException("entries: no more");
            }
            return chunk.next();
        }
    }
}
