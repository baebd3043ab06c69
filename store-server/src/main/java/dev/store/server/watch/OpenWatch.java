package dev.store.server.watch;

import dev.store.raft.watch.WatchHub;
import dev.store.raft.watch.WatchOutput;
import dev.store.raft.watch.WatchSpec;
import dev.store.raft.watch.Watcher;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One watch of a stream: stands in the stream's queue whenever it may have something to say, at most once. */
public final class OpenWatch {
    private final long id;
    private final Consumer<OpenWatch> queue;
    private final AtomicBoolean queued = new AtomicBoolean();
    private @Nullable Watcher watcher;
    private boolean closed;

    /**
     * Makes the watch; {@link #open} starts it.
     *
     * @param queue takes the watch in when it has something to say
     */
    public OpenWatch(long id, Consumer<OpenWatch> queue) {
        this.id = id;
        this.queue = queue;
    }

    /** Opens the watcher; to be called once. */
    public void open(WatchHub hub, WatchSpec spec) {
        watcher = hub.open(spec, this::readable);
        readable();
    }

    /** Number of the watch on its stream. */
    public long id() {
        return id;
    }

    /** The next output, or null if there is none now. The watch must have been taken from the queue before. */
    public @Nullable WatchOutput poll(int maxBytes) {
        // Before looking, so that what arrives afterwards queues the watch again.
        queued.set(false);
        Watcher open = watcher;
        return closed || open == null ? null : open.poll(maxBytes);
    }

    /** Puts the watch at the end of the queue, unless it stands there. */
    public void readable() {
        if (queued.compareAndSet(false, true)) {
            queue.accept(this);
        }
    }

    /** Asks for progress once the watch is up to date. */
    public void requestProgress() {
        Watcher open = watcher;
        if (open != null) {
            open.requestProgress();
            readable();
        }
    }

    /** Ends the watch. */
    public void close() {
        closed = true;
        Watcher open = watcher;
        if (open != null) {
            open.close();
        }
    }
}
