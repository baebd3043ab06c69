package dev.store.raft.watch;

import com.google.protobuf.ByteString;
import dev.store.api.v1.Event;
import dev.store.api.v1.KeyValue;
import dev.store.raft.keyspace.KeyEvent;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.ScopedKey;

/** Events as {@code store.v1.Event}. */
final class StoreEvents {
    private StoreEvents() {}

    static ByteString encode(KeyEvent event, boolean previous) {
        ByteString key = ScopedKey.key(event.scopedKey());
        KeyRecord current = event.current();
        KeyRecord before = event.previous();
        Event.Builder message = Event.newBuilder();
        if (current != null) {
            message.setType(Event.Type.TYPE_PUT).setEntry(current.toKeyValue(key, true));
        } else {
            message.setType(Event.Type.TYPE_DELETE)
                    .setEntry(KeyValue.newBuilder()
                            .setKey(key)
                            .setModRevision(event.revision())
                            .setModifiedAtMs(event.atMs())
                            .setModifiedBy(event.by()));
        }
        if (previous && before != null) {
            message.setPrevious(before.toKeyValue(key, true));
        }
        return message.build().toByteString();
    }
}
