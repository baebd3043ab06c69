package dev.store.api.client;

import java.util.concurrent.CompletableFuture;

/** A watch under way. Thread-safe. */
public sealed interface Watch extends AutoCloseable permits Watching {
    /** Asks for a {@link WatchListener#onProgress} as soon as everything up to then was delivered. */
    void requestProgress();

    /**
     * Completes when the watch has ended, after {@link WatchListener#onClosed}: exceptionally, with a
     * {@link dev.store.api.error.StoreException}, if it was not by {@link #close()}.
     */
    CompletableFuture<Void> closed();

    /** Ends the watch. What was not delivered yet is dropped; a call of the listener under way goes on. */
    @Override
    void close();
}
