package dev.store.raft.watch;

import dev.store.raft.keyspace.KeyEvent;
import dev.store.raft.keyspace.RevisionEvents;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All events of one revision, as the hub shares them. */
final class SharedRevision {
    private static final int OBJECTS_BYTES = 160;

    private final long revision;
    private final List<SharedEvent> events;
    private final long bytes;

    SharedRevision(RevisionEvents changes) {
        List<SharedEvent> shared = new ArrayList<>(changes.events().size());
        long size = OBJECTS_BYTES;
        for (KeyEvent event : changes.events()) {
            shared.add(new SharedEvent(event));
            // The record and, once somebody wants it, its encoded form.
            size += OBJECTS_BYTES + 2L * event.sizeBytes();
        }
        this.revision = changes.revision();
        this.events = shared;
        this.bytes = size;
    }

    long revision() {
        return revision;
    }

    List<SharedEvent> events() {
        return events;
    }

    /** Memory that it takes, in bytes. */
    long bytes() {
        return bytes;
    }

    /** What a watcher with this interest gets of it, or null if that is nothing. */
    @Nullable
    Delivery matching(Interest interest) {
        List<SharedEvent> wanted = null;
        for (SharedEvent shared : events) {
            if (interest.wants(shared.event())
                    && interest.range().contains(shared.event().scopedKey())) {
                if (wanted == null) {
                    wanted = new ArrayList<>(events.size());
                }
                wanted.add(shared);
            }
        }
        return wanted == null ? null : new Delivery(revision, wanted, interest);
    }
}
