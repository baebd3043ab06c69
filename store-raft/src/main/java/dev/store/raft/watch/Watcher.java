package dev.store.raft.watch;

import org.jspecify.annotations.Nullable;

/**
 * One watch, pulled by its consumer. What is not pulled costs bounded memory: past the bound the watcher drops back to
 * reading history, says so by {@link WatchOutput.Lagging}, and misses nothing.
 */
public interface Watcher extends AutoCloseable {
    /**
     * The next output, or null if there is none now. Called by one thread at a time.
     *
     * @param maxBytes wanted size of the encoded events; a single revision may be larger unless the watch allows
     *     fragments
     */
    @Nullable
    WatchOutput poll(int maxBytes);

    /** Asks for a {@link WatchOutput.Progress} as soon as the watcher is up to date. */
    void requestProgress();

    /** Ends the watch; nothing more comes out of it. */
    @Override
    void close();
}
