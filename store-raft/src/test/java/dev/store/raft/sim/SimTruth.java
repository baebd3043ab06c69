package dev.store.raft.sim;

import com.google.protobuf.ByteString;
import dev.store.api.v1.Event;
import dev.store.api.v1.KeyValue;
import dev.store.raft.keyspace.KeyEvent;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.RevisionEvents;
import dev.store.raft.keyspace.ScopedKey;
import dev.store.raft.watch.WatchSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the first member to apply an entry made of it; all others must make the same of it, and all watchers must see
 * exactly this.
 */
final class SimTruth {
    private static final String COUNTERS = "c/";

    private final List<RevisionEvents> revisions = new ArrayList<>();
    private final Map<Long, Long> hashes = new HashMap<>();
    private final Set<String> operations = new HashSet<>();

    long revision() {
        return revisions.size();
    }

    /** A member announces revisions, maybe again after a restart. */
    void announced(int member, List<RevisionEvents> announced, long before) {
        long expected = before + 1;
        for (RevisionEvents events : announced) {
            if (events.revision() != expected) {
                throw new BrokenPromise(
                        "Revisions rise by one",
                        "each write transaction makes the next revision",
                        "member " + member + " made " + events.revision() + " after " + (expected - 1));
            }
            expected++;
            if (events.revision() <= revisions.size()) {
                RevisionEvents known = revisions.get((int) events.revision() - 1);
                if (!known.equals(events)) {
                    throw disagree("member " + member + " has " + events + " where another has " + known);
                }
            } else {
                revisions.add(events);
                events.events().forEach(this::countOperation);
            }
        }
    }

    /** A member has applied an entry. */
    void applied(int member, long index, long hash) {
        Long known = hashes.putIfAbsent(index, hash);
        if (known != null && known != hash) {
            throw disagree("member " + member + " has another state hash than others at index " + index);
        }
    }

    /** A client was told that an operation took effect. */
    void acknowledged(long client, long sequence) {
        if (!operations.contains(client + "=" + sequence)) {
            throw new BrokenPromise(
                    "Exactly once",
                    "an acknowledged operation took effect",
                    "operation " + sequence + " of client " + client + " did not");
        }
    }

    /** The key of which each operation of a client makes one event. */
    static ByteString counter(long client) {
        return ByteString.copyFromUtf8(COUNTERS + client);
    }

    private void countOperation(KeyEvent event) {
        String key = ScopedKey.key(event.scopedKey()).toStringUtf8();
        if (key.startsWith(COUNTERS) && event.current() != null) {
            String operation = key.substring(COUNTERS.length()) + "="
                    + event.current().value().toStringUtf8();
            if (!operations.add(operation)) {
                throw new BrokenPromise(
                        "Exactly once",
                        "an operation takes effect once, however often it is sent",
                        operation + " took effect again at revision " + event.revision());
            }
        }
    }

    /** What a watcher must get of the revisions after one, up to another. */
    List<KeyEvent> wanted(WatchSpec spec, long after, long through) {
        List<KeyEvent> wanted = new ArrayList<>();
        for (long revision = after + 1; revision <= Math.min(through, revision()); revision++) {
            for (KeyEvent event : revisions.get((int) revision - 1).events()) {
                if ((event.isDelete() ? spec.deletes() : spec.puts())
                        && spec.range().contains(event.scopedKey())) {
                    wanted.add(event);
                }
            }
        }
        return wanted;
    }

    /** The public form of an event, without the previous entry; made here once more, independently of the hub. */
    static Event toEvent(KeyEvent event) {
        ByteString key = ScopedKey.key(event.scopedKey());
        KeyRecord current = event.current();
        Event.Builder made = Event.newBuilder();
        if (current == null) {
            return made.setType(Event.Type.TYPE_DELETE)
                    .setEntry(KeyValue.newBuilder()
                            .setKey(key)
                            .setModRevision(event.revision())
                            .setModifiedAtMs(event.atMs())
                            .setModifiedBy(event.by()))
                    .build();
        }
        return made.setEntry(current.toKeyValue(key, true)).build();
    }

    /** The entries of a range at a revision. */
    List<KeyValue> entries(WatchSpec spec, long revision) {
        Map<ByteString, KeyValue> entries = new TreeMap<>(ByteString.unsignedLexicographicalComparator());
        for (RevisionEvents events : revisions.subList(0, (int) revision)) {
            for (KeyEvent event : events.events()) {
                if (!spec.range().contains(event.scopedKey())) {
                    continue;
                }
                if (event.current() == null) {
                    entries.remove(event.scopedKey());
                } else {
                    entries.put(event.scopedKey(), event.current().toKeyValue(ScopedKey.key(event.scopedKey()), true));
                }
            }
        }
        return List.copyOf(entries.values());
    }

    static BrokenPromise disagree(String what) {
        return new BrokenPromise("Replicas agree", "equal logs make equal states", what);
    }
}
