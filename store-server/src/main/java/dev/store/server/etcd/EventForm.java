package dev.store.server.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.store.server.etcd.v3.Event;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Events in etcd's form, made from what the hub has encoded for everyone. An event goes to all its watchers at about the
 * same time and as the very same object, so that what was made for the first of them is remembered for the others.
 */
final class EventForm {
    private static final int REMEMBERED = 512;
    /** Larger ones are made anew for each watcher: what is remembered stays bounded. */
    private static final int REMEMBERED_BYTES = 16 * 1024;

    private final AtomicReferenceArray<Made> remembered = new AtomicReferenceArray<>(REMEMBERED);

    private record Made(WeakReference<ByteString> from, ByteString encoded) {}

    List<ByteString> of(List<ByteString> encodedEvents) {
        List<ByteString> translated = new ArrayList<>(encodedEvents.size());
        for (ByteString event : encodedEvents) {
            translated.add(of(event));
        }
        return translated;
    }

    private ByteString of(ByteString encodedEvent) {
        int slot = System.identityHashCode(encodedEvent) & (REMEMBERED - 1);
        Made made = remembered.get(slot);
        if (made != null && made.from.refersTo(encodedEvent)) {
            return made.encoded;
        }
        ByteString encoded = translated(decoded(encodedEvent)).toByteString();
        if (encoded.size() <= REMEMBERED_BYTES) {
            remembered.set(slot, new Made(new WeakReference<>(encodedEvent), encoded));
        }
        return encoded;
    }

    /** What the hub has encoded. */
    static dev.store.api.v1.Event decoded(ByteString encodedEvent) {
        try {
            return dev.store.api.v1.Event.parseFrom(encodedEvent);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the hub encoded an event that is none", e);
        }
    }

    private static Event translated(dev.store.api.v1.Event event) {
        Event.Builder translated = Event.newBuilder().setKv(Entries.of(event.getEntry()));
        if (event.getType() == dev.store.api.v1.Event.Type.TYPE_DELETE) {
            translated.setType(Event.EventType.DELETE);
        }
        if (event.hasPrevious()) {
            translated.setPrevKv(Entries.of(event.getPrevious()));
        }
        return translated.build();
    }
}
