package dev.store.api.locks;

import java.util.concurrent.CompletableFuture;

/** Following the holder of a lock, until it is closed. */
public interface Observation extends AutoCloseable {
    /** Completes when it is closed; fails when the cluster refuses it, or the listener throws. */
    CompletableFuture<Void> ended();

    @Override
    void close();
}
