package dev.store.api.configuration;

import dev.store.api.error.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Is told what happens to entries; called on a thread of its own, one call at a time, and may block. A version counts as
 * running, for receipts, once {@link #onChange} has returned; what it throws is what the receipt says.
 */
public interface ConfigListener {
    /** A version of an entry: the present one first, then each that follows, in order. */
    void onChange(ConfigChange change);

    /** All that was there at the beginning has been given; called again after each reconnection. */
    default void onInStep() {}

    /** The connection is lost, and another member is looked for by itself; what was given stays true enough to run on. */
    default void onInterrupted(StoreException cause) {}

    /** A version runs, but could not be written to the local files; the one before may still be there. */
    default void onCacheFailure(RuntimeException cause) {}

    /**
     * Nothing comes any more.
     *
     * @param cause why; null if it was closed
     */
    default void onClosed(@Nullable StoreException cause) {}
}
