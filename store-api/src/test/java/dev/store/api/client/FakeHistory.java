package dev.store.api.client;

import com.google.protobuf.ByteString;
import dev.store.api.v1.Event;
import dev.store.api.v1.KeyValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The events of some revisions, from 2 on, which {@link FakeWatchService}s send. */
final class FakeHistory {
    private final List<List<Event>> revisions = new ArrayList<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private long compacted;

    /** Adds a revision with this many events. */
    void append(int events, Random random) {
        synchronized (this) {
            long revision = revision() + 1;
            List<Event> list = new ArrayList<>();
            for (int i = 0; i < events; i++) {
                list.add(Event.newBuilder()
                        .setType(random.nextInt(5) == 0 ? Event.Type.TYPE_DELETE : Event.Type.TYPE_PUT)
                        .setEntry(KeyValue.newBuilder()
                                .setKey(ByteString.copyFromUtf8("k" + (events > 20 ? i : random.nextInt(20))))
                                .setValue(ByteString.copyFromUtf8(revision + "/" + i))
                                .setModRevision(revision))
                        .build());
            }
            revisions.add(list);
        }
        listeners.forEach(Runnable::run);
    }

    void append(int events) {
        append(events, new Random(events));
    }

    /** Adds a revision with one event of this value. */
    void appendValue(byte[] value) {
        synchronized (this) {
            revisions.add(List.of(Event.newBuilder()
                    .setEntry(KeyValue.newBuilder()
                            .setKey(ByteString.copyFromUtf8("big"))
                            .setValue(ByteString.copyFrom(value))
                            .setModRevision(revision() + 1))
                    .build()));
        }
        listeners.forEach(Runnable::run);
    }

    void onAppend(Runnable listener) {
        listeners.add(listener);
    }

    synchronized long revision() {
        return revisions.size() + 1L;
    }

    synchronized List<Event> events(long revision) {
        return revisions.get((int) (revision - 2));
    }

    /** {@code revision/index} of every event from a revision on, in order. */
    synchronized List<String> idsFrom(long revision) {
        List<String> ids = new ArrayList<>();
        for (long r = Math.max(2, revision); r <= revision(); r++) {
            for (Event event : events(r)) {
                ids.add(event.getEntry().getValue().toStringUtf8());
            }
        }
        return ids;
    }

    synchronized List<KeyValue> stateAt(long revision) {
        TreeMap<String, KeyValue> state = new TreeMap<>();
        for (long r = 2; r <= revision; r++) {
            for (Event event : events(r)) {
                String key = event.getEntry().getKey().toStringUtf8();
                if (event.getType() == Event.Type.TYPE_PUT) {
                    state.put(key, event.getEntry());
                } else {
                    state.remove(key);
                }
            }
        }
        return List.copyOf(state.values());
    }

    synchronized void compact(long revision) {
        compacted = revision;
    }

    synchronized long compacted() {
        return compacted;
    }
}
