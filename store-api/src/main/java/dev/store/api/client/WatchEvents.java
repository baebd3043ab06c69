package dev.store.api.client;

import java.util.List;

/**
 * Changes, in order of revision and, within one, in the order of the transaction.
 *
 * @param revision every matching change up to and including this revision has been delivered with these, unless
 *     {@code complete} is false: then more changes of this very revision follow
 * @param events the changes
 * @param complete whether they are whole revisions; always true without {@link WatchPlan#fragments()}
 */
public record WatchEvents(long revision, List<WatchEvent> events, boolean complete) {
    public WatchEvents {
        events = List.copyOf(events);
    }
}
