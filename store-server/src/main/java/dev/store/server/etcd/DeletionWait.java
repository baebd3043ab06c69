package dev.store.server.etcd;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.raft.keyspace.KeyRange;
import dev.store.raft.watch.EventEncoding;
import dev.store.raft.watch.WatchHub;
import dev.store.raft.watch.WatchOutput;
import dev.store.raft.watch.WatchSpec;
import dev.store.raft.watch.Watcher;
import dev.store.server.edge.SerialTask;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Waits until one of a few keys is deleted, from a revision on. Costs one watcher of the hub for each key. */
final class DeletionWait {
    private static final int OUTPUT_BYTES = 4 * 1024;

    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final List<Watcher> watchers;

    private DeletionWait(WatchHub hub, Executor executor, List<ByteString> scopedKeys, long fromRevision) {
        SerialTask task = new SerialTask(executor, this::run);
        watchers = scopedKeys.stream()
                .map(key -> hub.open(deletions(key, fromRevision), task::schedule))
                .toList();
        task.schedule();
    }

    /** Opens the wait; {@link #close} ends it if {@link #done} does not complete before. */
    static DeletionWait open(WatchHub hub, Executor executor, List<ByteString> scopedKeys, long fromRevision) {
        return new DeletionWait(hub, executor, scopedKeys, fromRevision);
    }

    private static WatchSpec deletions(ByteString scopedKey, long fromRevision) {
        return new WatchSpec(
                KeyRange.single(scopedKey),
                fromRevision,
                false,
                true,
                false,
                false,
                false,
                Duration.ZERO,
                EventEncoding.STORE);
    }

    /** Completes with the first deletion, or as soon as one can no longer be seen here: then look again. */
    CompletableFuture<Void> done() {
        return done;
    }

    void close() {
        watchers.forEach(Watcher::close);
    }

    private void run() {
        for (Watcher watcher : watchers) {
            WatchOutput output = watcher.poll(OUTPUT_BYTES);
            while (output != null && !done.isDone()) {
                take(output);
                output = watcher.poll(OUTPUT_BYTES);
            }
        }
    }

    private void take(WatchOutput output) {
        if (output instanceof WatchOutput.Events) {
            close();
            done.complete(null);
        } else if (output instanceof WatchOutput.Canceled canceled) {
            close();
            if (canceled.code() == ErrorCode.COMPACTED) {
                done.complete(null);
            } else {
                done.completeExceptionally(new StoreException(canceled.code(), canceled.message()));
            }
        }
    }
}
