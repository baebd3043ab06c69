package dev.store.server.edge;

import com.google.protobuf.ByteString;
import dev.store.api.v1.ReadOptions;
import dev.store.raft.Replica;
import dev.store.raft.keyspace.Keyspace;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.keyspace.Requests;
import io.grpc.Context;
import io.grpc.Deadline;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Opens views as fresh as asked for, evaluates them, and closes them. */
public final class Reads {
    private final Replica replica;
    private final ReadPool pool;
    private final Duration patience;

    /**
     * Makes the way to read.
     *
     * @param patience longest wait for freshness where the call has no deadline
     */
    public Reads(Replica replica, ReadPool pool, Duration patience) {
        this.replica = replica;
        this.pool = pool;
        this.patience = patience;
    }

    /** The revision that this member shows once it is as fresh as the options demand. */
    public CompletableFuture<Long> fresh(ReadOptions options) {
        Requests.read(options);
        return replica.fresh(options, timeout());
    }

    /** The newest record of a scoped key. */
    public CompletableFuture<Keyspace.Newest> newest(ByteString scopedKey, ReadOptions options) {
        Requests.read(options);
        return replica.newest(scopedKey, options, timeout());
    }

    /** A short read of a key or two: runs wherever the view becomes available. */
    public <T> CompletableFuture<T> brief(ReadOptions options, Function<KeyspaceView, T> read) {
        return open(options).thenApply(view -> {
            try (view) {
                return read.apply(view);
            }
        });
    }

    /** A read of any size: runs on the read pool. */
    public <T> CompletableFuture<T> large(ReadOptions options, Function<KeyspaceView, T> read) {
        Context call = Context.current();
        return open(options).thenCompose(view -> {
            CompletableFuture<T> answer = pool.submit(() -> {
                if (call.isCancelled()) {
                    throw io.grpc.Status.CANCELLED
                            .withDescription("the caller ended the call")
                            .asRuntimeException();
                }
                return read.apply(view);
            });
            // Also if it never ran because the pool is full.
            return answer.whenComplete((done, failure) -> view.close());
        });
    }

    /** Opens a view that the caller closes. */
    public CompletableFuture<KeyspaceView> open(ReadOptions options) {
        Requests.read(options);
        return replica.read(options, timeout());
    }

    /** The pool for work that is streamed. */
    public ReadPool pool() {
        return pool;
    }

    private Duration timeout() {
        Deadline deadline = Context.current().getDeadline();
        if (deadline == null) {
            return patience;
        }
        return Duration.ofNanos(Math.max(1, deadline.timeRemaining(TimeUnit.NANOSECONDS)));
    }
}
