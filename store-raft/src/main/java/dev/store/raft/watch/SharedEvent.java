package dev.store.raft.watch;

import com.google.protobuf.ByteString;
import dev.store.api.v1.Event;
import dev.store.api.v1.KeyValue;
import dev.store.raft.keyspace.KeyEvent;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.ScopedKey;
import org.jspecify.annotations.Nullable;

/** One event and its two encoded forms, each made when first wanted and then shared by all watchers. */
final class SharedEvent {
    private final KeyEvent event;
    private volatile @Nullable ByteString plain;
    private volatile @Nullable ByteString withPrevious;

    SharedEvent(KeyEvent event) {
        this.event = event;
    }

    KeyEvent event() {
        return event;
    }

    ByteString encoded(boolean previous) {
        KeyRecord before = event.previous();
        if (previous && before != null) {
            ByteString known = withPrevious;
            return known != null ? known : encodeWithPrevious(before);
        }
        ByteString known = plain;
        return known != null ? known : encodePlain();
    }

    private synchronized ByteString encodePlain() {
        ByteString known = plain;
        if (known == null) {
            known = message().build().toByteString();
            plain = known;
        }
        return known;
    }

    private synchronized ByteString encodeWithPrevious(KeyRecord before) {
        ByteString known = withPrevious;
        if (known == null) {
            KeyValue entry = before.toKeyValue(ScopedKey.key(event.scopedKey()), true);
            known = message().setPrevious(entry).build().toByteString();
            withPrevious = known;
        }
        return known;
    }

    private Event.Builder message() {
        ByteString key = ScopedKey.key(event.scopedKey());
        KeyRecord current = event.current();
        if (current != null) {
            return Event.newBuilder().setType(Event.Type.TYPE_PUT).setEntry(current.toKeyValue(key, true));
        }
        return Event.newBuilder()
                .setType(Event.Type.TYPE_DELETE)
                .setEntry(KeyValue.newBuilder()
                        .setKey(key)
                        .setModRevision(event.revision())
                        .setModifiedAtMs(event.atMs())
                        .setModifiedBy(event.by()));
    }
}
