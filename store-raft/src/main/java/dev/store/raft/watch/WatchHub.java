package dev.store.raft.watch;

/** Feeds any number of watchers from one stream of applied changes. Safe for use by many threads. */
public interface WatchHub extends AutoCloseable {
    /**
     * Opens a watcher. Its first output is {@link WatchOutput.Created}, or {@link WatchOutput.Canceled} if it cannot be
     * served.
     *
     * @param onReadable is run whenever {@link Watcher#poll} may have something after it had nothing, so never before the
     *     first poll; on a thread of the hub, so it must only schedule
     */
    Watcher open(WatchSpec spec, Runnable onReadable);

    /** How many watchers are open. */
    int size();

    /** Cancels all watchers with {@code NOT_READY}. */
    @Override
    void close();
}
