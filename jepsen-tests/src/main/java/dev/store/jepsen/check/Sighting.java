package dev.store.jepsen.check;

import java.util.List;

/** What a watcher saw, in order. */
public sealed interface Sighting {
    /**
     * A watch began, for the first time or again after its connection was lost.
     *
     * @param startRevision first revision asked for
     */
    record Began(long startRevision) implements Sighting {}

    /**
     * One list of events.
     *
     * @param changes the events
     * @param fragment more of the last revision follow
     */
    record Events(List<Change> changes, boolean fragment) implements Sighting {
        public Events {
            changes = List.copyOf(changes);
        }
    }

    /**
     * A progress notification.
     *
     * @param revision every event up to it has been sent
     */
    record Progress(long revision) implements Sighting {}

    /**
     * The watch was ended because what it still wanted is no longer kept.
     *
     * @param compactRevision first revision from which a watch can begin
     */
    record Compacted(long compactRevision) implements Sighting {}
}
