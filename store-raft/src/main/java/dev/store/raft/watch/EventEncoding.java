package dev.store.raft.watch;

import com.google.protobuf.ByteString;
import dev.store.raft.keyspace.KeyEvent;

/**
 * The form in which events go to whoever watches. Each event keeps what was made of it, for all its watchers, so there is to
 * be one object for each form. Called by any thread.
 */
@FunctionalInterface
public interface EventEncoding {
    /** {@code store.v1.Event}. */
    EventEncoding STORE = StoreEvents::encode;

    /**
     * Encodes an event.
     *
     * @param previous whether with the entry before the change, if it is known
     */
    ByteString encode(KeyEvent event, boolean previous);
}
