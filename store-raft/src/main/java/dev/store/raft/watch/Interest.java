package dev.store.raft.watch;

import dev.store.raft.keyspace.KeyEvent;
import dev.store.raft.keyspace.KeyRange;

/**
 * What decides which events a watcher gets, and in which form. Watchers with the same interest share their deliveries.
 */
record Interest(KeyRange range, boolean puts, boolean deletes, boolean previous, EventEncoding encoding) {
    static Interest of(WatchSpec spec) {
        return new Interest(spec.range(), spec.puts(), spec.deletes(), spec.previous(), spec.encoding());
    }

    /** Whether events of this type are wanted; the key is not looked at. */
    boolean wants(KeyEvent event) {
        return event.isDelete() ? deletes : puts;
    }
}
