package dev.store.api.client;

import dev.store.api.Limits;
import dev.store.api.v1.WatchCreate;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A watch to be: what, from where, and how. Immutable; each method returns a new one. */
public final class WatchPlan {
    /**
     * Progress also moves the point from which a quiet watch is resumed; without it, that point would fall behind the
     * compaction revision while nothing happens to the watched keys.
     */
    private static final Duration DEFAULT_PROGRESS = Duration.ofMinutes(1);

    private final Scope scope;
    private final WatchCreate create;
    private final boolean resnapshot;
    private final boolean fragments;
    private final @Nullable Executor executor;

    WatchPlan(Scope scope, Keys keys) {
        this(
                scope,
                WatchCreate.newBuilder()
                        .setNamespace(scope.namespace())
                        .setKeys(keys.toProto())
                        .setProgressIntervalMs(DEFAULT_PROGRESS.toMillis())
                        // On the wire always, so that no revision is too large for a message.
                        .setFragment(true)
                        .build(),
                false,
                false,
                null);
    }

    private WatchPlan(
            Scope scope, WatchCreate create, boolean resnapshot, boolean fragments, @Nullable Executor executor) {
        this.scope = scope;
        this.create = create;
        this.resnapshot = resnapshot;
        this.fragments = fragments;
        this.executor = executor;
    }

    private WatchPlan with(WatchCreate.Builder changed) {
        return new WatchPlan(scope, changed.build(), resnapshot, fragments, executor);
    }

    /**
     * From this revision on, inclusive; a future one waits. Without, and without {@link #snapshot()}, from the revision
     * after the current one.
     */
    public WatchPlan from(long revision) {
        if (revision < 1 || create.getSnapshot()) {
            throw new IllegalArgumentException(
                    "revision: " + revision + " (expected: >= 1, and no snapshot, which has its own)");
        }
        return with(create.toBuilder().setStartRevision(revision));
    }

    /** First the entries that exist, then every change after that. */
    public WatchPlan snapshot() {
        if (create.getStartRevision() != 0) {
            throw new IllegalArgumentException(
                    "snapshot: with start revision " + create.getStartRevision() + " (expected: without)");
        }
        return with(create.toBuilder().setSnapshot(true));
    }

    /** With the entry as it was before each change. */
    public WatchPlan previous() {
        return with(create.toBuilder().setPrevious(true));
    }

    /** Without puts. */
    public WatchPlan noPuts() {
        return with(create.toBuilder().setNoPut(true));
    }

    /** Without deletions. */
    public WatchPlan noDeletes() {
        return with(create.toBuilder().setNoDelete(true));
    }

    /** Tells progress when nothing happened for this long: 100 ms to 1 hour; 1 minute if not set. */
    public WatchPlan progressEvery(Duration interval) {
        if (interval.compareTo(Limits.PROGRESS_INTERVAL_MIN) < 0
                || interval.compareTo(Limits.PROGRESS_INTERVAL_MAX) > 0) {
            throw new IllegalArgumentException("progress interval: " + interval + " (expected: "
                    + Limits.PROGRESS_INTERVAL_MIN + " to " + Limits.PROGRESS_INTERVAL_MAX + ")");
        }
        return with(create.toBuilder().setProgressIntervalMs(interval.toMillis()));
    }

    /**
     * Delivers the changes of a large revision in parts, as they come. Without, they are put together first, and a
     * revision with more than 64 MiB of changes ends the watch with RESULT_TOO_LARGE.
     */
    public WatchPlan fragments() {
        return new WatchPlan(scope, create, resnapshot, true, executor);
    }

    /** When history was compacted away under the watch, starts over with a snapshot instead of closing with COMPACTED. */
    public WatchPlan resnapshotWhenCompacted() {
        return new WatchPlan(scope, create, true, fragments, executor);
    }

    /** Calls the listener on this executor, rather than on the client's own daemon threads. */
    public WatchPlan executor(Executor wanted) {
        return new WatchPlan(scope, create, resnapshot, fragments, Objects.requireNonNull(wanted, "wanted"));
    }

    /** Starts the watch. It goes on, through failures, until it is closed or cannot go on. */
    public Watch start(WatchListener listener) {
        WatchStreams streams = scope.connection.watches();
        Watching watching = new Watching(this, Objects.requireNonNull(listener, "listener"), streams);
        streams.add(watching);
        return watching;
    }

    WatchCreate create() {
        return create;
    }

    boolean resnapshots() {
        return resnapshot;
    }

    boolean deliversFragments() {
        return fragments;
    }

    Session session() {
        return scope.session;
    }

    @Nullable
    Executor chosenExecutor() {
        return executor;
    }
}
