package dev.store.api.client;

import dev.store.api.v1.Event;
import dev.store.api.v1.WatchCreate;
import dev.store.api.v1.WatchResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far one watch has come: what it must be asked for next, and which of the events that come are new.
 *
 * <p>This is what makes a resumed watch ordered, unique and gap-free, also when it broke in the middle of a revision: the
 * member sends that revision again from its first event, in the same order, and those that were delivered are skipped.
 * Knows nothing of streams; not thread-safe.
 */
final class WatchPosition {
    /** Bytes of one revision that are put together before it is delivered. */
    static final int MOST_ASSEMBLED_BYTES = 64 * 1024 * 1024;

    private final boolean fragments;
    private boolean snapshotWanted;
    /** First revision that was not delivered completely; 0 while it is not known. */
    private long next;
    /** How many events of {@link #next} were delivered. */
    private long deliveredOfNext;
    /** How many events of {@link #next} came since the watch was last attached to a stream. */
    private long receivedOfNext;
    /** Events of {@link #next} that wait for the rest of it; empty if fragments are delivered. */
    private final List<WatchEvent> assembly = new ArrayList<>();

    private long assembledBytes;

    WatchPosition(WatchCreate create, boolean fragments) {
        this.fragments = fragments;
        this.snapshotWanted = create.getSnapshot();
        this.next = create.getStartRevision();
    }

    /** What to ask of the next stream. */
    WatchCreate attach(WatchCreate create, long watchId) {
        receivedOfNext = 0;
        assembly.clear();
        assembledBytes = 0;
        return create.toBuilder()
                .setWatchId(watchId)
                .setSnapshot(snapshotWanted)
                .setStartRevision(snapshotWanted ? 0 : next)
                .build();
    }

    boolean inSnapshot() {
        return snapshotWanted;
    }

    /** The next revision to be delivered; 0 if not known yet. */
    long next() {
        return next;
    }

    /** The member fixed where a watch from "now" starts: from here on it must not start any later. */
    void created(long startRevision) {
        if (!snapshotWanted && next == 0) {
            next = startRevision;
        }
    }

    void snapshotComplete(long revision) {
        snapshotWanted = false;
        advance(revision + 1);
    }

    /** History was compacted away: all that can be had is what exists now. */
    void startOver() {
        snapshotWanted = true;
        next = 0;
        deliveredOfNext = 0;
    }

    /** Whether progress up to this revision is news: not if it is behind what was delivered. */
    boolean progress(long revision) {
        if (snapshotWanted || revision + 1 < next || !assembly.isEmpty()) {
            return false;
        }
        advance(revision + 1);
        return true;
    }

    /**
     * What is to be delivered of a response with events; null if nothing is yet.
     *
     * @throws RevisionTooLarge if a revision has more than can be put together
     */
    @Nullable
    WatchEvents events(WatchResponse response) throws RevisionTooLarge {
        long last = response.getRevision();
        List<WatchEvent> ready = new ArrayList<>(response.getEventsCount());
        boolean begun = deliveredOfNext > 0;
        for (Event event : response.getEventsList()) {
            long revision = event.getEntry().getModRevision();
            if (revision < next) {
                continue; // Delivered before.
            }
            if (revision > next) {
                ready.addAll(assembly);
                advance(revision);
            }
            receivedOfNext++;
            if (receivedOfNext <= deliveredOfNext) {
                continue; // Delivered before the watch was resumed.
            }
            if (fragments || !response.getFragment() || revision < last) {
                if (!assembly.isEmpty()) {
                    ready.addAll(assembly);
                    assembly.clear();
                    assembledBytes = 0;
                }
                ready.add(WatchEvent.of(event));
                deliveredOfNext++;
            } else {
                assemble(event);
            }
        }
        if (response.getFragment()) {
            if (last > next) {
                advance(last); // Everything before the fragmented revision is complete.
            }
            return deliverable(fragments ? last : last - 1, ready, !fragments, !ready.isEmpty());
        }
        ready.addAll(assembly);
        long finished = Math.max(last, next - 1);
        advance(finished + 1);
        return deliverable(finished, ready, true, begun || !ready.isEmpty());
    }

    private static @Nullable WatchEvents deliverable(
            long revision, List<WatchEvent> events, boolean complete, boolean any) {
        return any ? new WatchEvents(revision, events, complete) : null;
    }

    private void assemble(Event event) throws RevisionTooLarge {
        assembledBytes += event.getSerializedSize();
        if (assembledBytes > MOST_ASSEMBLED_BYTES) {
            throw new RevisionTooLarge(next);
        }
        assembly.add(WatchEvent.of(event));
    }

    private void advance(long revision) {
        if (revision > next) {
            next = revision;
            deliveredOfNext = 0;
            receivedOfNext = 0;
        }
        assembly.clear();
        assembledBytes = 0;
    }

    /** One revision has more changes than are put together. */
    static final class RevisionTooLarge extends Exception {
        private static final long serialVersionUID = 1L;

        RevisionTooLarge(long revision) {
            super("changes of revision " + revision + ": more than " + MOST_ASSEMBLED_BYTES
                    + " bytes (expected: at most that, or a watch with fragments())");
        }
    }
}
