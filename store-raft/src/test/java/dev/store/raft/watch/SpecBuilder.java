package dev.store.raft.watch;

import dev.store.raft.keyspace.KeyRange;
import java.time.Duration;

/** Builds specs from the one that wants everything from now on. */
final class SpecBuilder {
    private KeyRange range = PlainKeyspace.all();
    private long start;
    private boolean puts = true;
    private boolean deletes = true;
    private boolean previous;
    private boolean fragment;
    private boolean snapshot;
    private Duration progress = Duration.ZERO;

    SpecBuilder range(KeyRange newRange) {
        range = newRange;
        return this;
    }

    SpecBuilder start(long newStart) {
        start = newStart;
        return this;
    }

    SpecBuilder puts(boolean wanted) {
        puts = wanted;
        return this;
    }

    SpecBuilder deletes(boolean wanted) {
        deletes = wanted;
        return this;
    }

    SpecBuilder previous(boolean wanted) {
        previous = wanted;
        return this;
    }

    SpecBuilder fragment(boolean allowed) {
        fragment = allowed;
        return this;
    }

    SpecBuilder snapshot(boolean wanted) {
        snapshot = wanted;
        return this;
    }

    SpecBuilder progress(Duration interval) {
        progress = interval;
        return this;
    }

    WatchSpec build() {
        return new WatchSpec(range, start, puts, deletes, previous, fragment, snapshot, progress, EventEncoding.STORE);
    }
}
