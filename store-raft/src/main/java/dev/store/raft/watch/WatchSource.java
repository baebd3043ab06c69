package dev.store.raft.watch;

import dev.store.raft.keyspace.History;
import dev.store.raft.keyspace.KeyspaceView;

/**
 * Where the hub reads what it does not remember. Asked anew for each read, because the keyspace behind it is replaced
 * when a snapshot of another member is installed.
 *
 * <p>Both methods throw {@link dev.store.api.error.StoreException} with {@code NOT_READY} while there is no keyspace; the
 * hub then tries again a little later.
 */
public interface WatchSource {
    /** Past changes. */
    History history();

    /** Opens a view of what is applied now; the hub closes it. */
    KeyspaceView view();
}
