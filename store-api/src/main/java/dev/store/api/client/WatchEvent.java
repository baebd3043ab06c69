package dev.store.api.client;

import dev.store.api.v1.Event;
import java.util.Optional;

/**
 * One change of one key.
 *
 * @param type what happened
 * @param entry after a put, the new entry; after a deletion, the key with revision, time and author of the deletion
 * @param previous the entry before the change, if it was asked for, there was one, and it is still kept
 */
public record WatchEvent(Type type, Entry entry, Optional<Entry> previous) {
    /** What happened to a key. */
    public enum Type {
        PUT,
        DELETE
    }

    /** The key that changed. */
    public Bytes key() {
        return entry.key();
    }

    /** The revision of the change. */
    public long revision() {
        return entry.modRevision();
    }

    static WatchEvent of(Event event) {
        return new WatchEvent(
                event.getType() == Event.Type.TYPE_DELETE ? Type.DELETE : Type.PUT,
                Entry.of(event.getEntry()),
                event.hasPrevious() ? Optional.of(Entry.of(event.getPrevious())) : Optional.empty());
    }
}
