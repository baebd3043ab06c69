package dev.store.raft.watch;

import dev.store.api.error.ErrorCode;

/**
 * What comes out of a watcher, in the order in which its consumer must see it.
 *
 * <p>Events and entries are encoded already: each element is the serialized {@code store.v1.Event} or
 * {@code store.v1.KeyValue}, made once and shared by all watchers that receive it.
 */
public sealed interface WatchOutput {
    /** The revision that this output speaks of. */
    long revision();

    /** The watch exists. */
    record Created(long revision, long startRevision) implements WatchOutput {}

    /** A part of the snapshot. */
    record SnapshotEntries(long revision, EncodedList entries) implements WatchOutput {}

    /** The snapshot is complete; events after this revision follow. */
    record SnapshotComplete(long revision) implements WatchOutput {}

    /**
     * Events up to and including a revision.
     *
     * @param fragment more events of this very revision follow
     */
    record Events(long revision, EncodedList events, boolean fragment) implements WatchOutput {}

    /** Every event up to the revision has come out; every later one is greater. */
    record Progress(long revision) implements WatchOutput {}

    /** The watcher fell behind and now reads history. */
    record Lagging(long revision, long currentRevision) implements WatchOutput {}

    /**
     * The watch has ended.
     *
     * @param compactRevision the compaction revision if that is the reason, else 0
     */
    record Canceled(long revision, ErrorCode code, String message, long compactRevision) implements WatchOutput {}
}
