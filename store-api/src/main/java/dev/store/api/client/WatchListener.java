package dev.store.api.client;

import dev.store.api.error.StoreException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a watch tells, one call at a time, in order, on the watch's executor.
 *
 * <p>It may take its time: nothing is lost and little is buffered meanwhile. An exception thrown here ends the watch with
 * INTERNAL.
 */
@FunctionalInterface
public interface WatchListener {
    /** Changes: each exactly once, in order, without a gap, whatever happened to connections and members meanwhile. */
    void onEvents(WatchEvents events);

    /** The watch exists; once, before anything else but {@link #onInterrupted}. */
    default void onCreated(long startRevision) {}

    /**
     * A snapshot begins: what earlier snapshot entries and events said is void. It comes again if a connection fails before
     * {@link #onSnapshotComplete}, and after history was compacted away under the watch if that was allowed by
     * {@link WatchPlan#resnapshotWhenCompacted()}.
     */
    default void onSnapshotStarted() {}

    /** Entries of the snapshot, in ascending key order. */
    default void onSnapshotEntries(List<Entry> entries) {}

    /** The snapshot is complete and reflects this revision; every change after it follows. */
    default void onSnapshotComplete(long revision) {}

    /** Nothing but the time: every change up to this revision was delivered. */
    default void onProgress(long revision) {}

    /** The watch was too slow and the member reads history for it now; nothing is lost. */
    default void onLagging(long behindRevision, long currentRevision) {}

    /** The connection failed; the watch goes on by itself where it was. Told once until it does. */
    default void onInterrupted(StoreException cause) {}

    /**
     * The watch has ended; nothing follows.
     *
     * @param cause why; null if it was closed by {@link Watch#close()}
     */
    default void onClosed(@Nullable StoreException cause) {}
}
