package dev.store.server.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.store.raft.keyspace.KeyEvent;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.ScopedKey;
import dev.store.raft.watch.EventEncoding;
import dev.store.server.etcd.v3.Event;
import dev.store.server.etcd.v3.KeyValue;

/** Events in etcd's form. */
final class EventForm {
    static final EventEncoding ENCODING = EventForm::encode;

    private EventForm() {}

    private static ByteString encode(KeyEvent event, boolean previous) {
        ByteString key = ScopedKey.key(event.scopedKey());
        KeyRecord current = event.current();
        KeyRecord before = event.previous();
        Event.Builder encoded = Event.newBuilder();
        if (current != null) {
            encoded.setKv(Entries.of(key, current, true));
        } else {
            encoded.setType(Event.EventType.DELETE)
                    .setKv(KeyValue.newBuilder().setKey(key).setModRevision(event.revision()));
        }
        if (previous && before != null) {
            encoded.setPrevKv(Entries.of(key, before, true));
        }
        return encoded.build().toByteString();
    }

    /** An event that the hub has encoded in Store's own form. */
    static dev.store.api.v1.Event decoded(ByteString encodedEvent) {
        try {
            return dev.store.api.v1.Event.parseFrom(encodedEvent);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the hub encoded an event that is none", e);
        }
    }
}
