package dev.store.raft.sim;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.raft.keyspace.KeyRange;
import dev.store.raft.keyspace.ScopedKey;
import dev.store.raft.watch.EventEncoding;
import dev.store.raft.watch.WatchOutput;
import dev.store.raft.watch.WatchSpec;
import dev.store.raft.watch.Watcher;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client that watches: anywhere, from anywhere; stalls, loses its connection, and resumes on another member from the
 * revision after the last one it has seen.
 */
final class SimWatcher {
    private final SimCluster cluster;
    private final SimTime time;
    private final WatchPromises promises;
    private WatchSpec spec;
    private @Nullable SimMember member;
    private @Nullable Watcher watcher;
    private long revisionAtOpen;
    private int connection;
    private int lagged;
    private int resumed;
    private WatchOutput.@Nullable Events heldBack;

    SimWatcher(SimCluster cluster, int number) {
        this.cluster = cluster;
        this.time = cluster.time;
        this.spec = spec(0);
        this.promises = new WatchPromises(cluster.truth, "watcher " + number, spec);
        time.after(0, 5_000, this::connect);
        time.every(500, 4_000, this::disturb);
    }

    int delivered() {
        return promises.delivered();
    }

    int lagged() {
        return lagged;
    }

    int resumed() {
        return resumed;
    }

    void finished() {
        promises.finished();
    }

    /** The member died. */
    void disconnected() {
        connection++;
        member = null;
        watcher = null;
        heldBack = null;
        promises.disconnected();
        time.after(5, 500, this::connect);
    }

    private void connect() {
        if (watcher != null) {
            return;
        }
        List<SimMember> ready =
                cluster.members.stream().filter(SimMember::isReady).toList();
        if (ready.isEmpty()) {
            time.after(100, 200, this::connect);
            return;
        }
        SimMember chosen = ready.get(time.below(ready.size()));
        if (promises.position() >= 0) {
            resumed++;
            spec = resuming(promises.position() + 1);
        }
        int mine = ++connection;
        member = chosen;
        revisionAtOpen = chosen.keyspace().revision();
        chosen.connected(this);
        watcher = chosen.hub().open(spec, () -> time.after(0, 5, () -> poll(mine)));
        poll(mine);
    }

    private WatchSpec resuming(long start) {
        long from = cluster.bug == SimBug.RESUMED_ELSEWHERE ? start + 1 : start;
        return new WatchSpec(
                spec.range(),
                from,
                spec.puts(),
                spec.deletes(),
                spec.previous(),
                spec.fragment(),
                false,
                spec.progressInterval(),
                EventEncoding.STORE);
    }

    private void disturb() {
        if (watcher == null) {
            return;
        }
        if (time.chance(0.4)) {
            watcher.requestProgress();
        } else if (!cluster.calm && time.chance(0.3)) {
            watcher.close();
            Objects.requireNonNull(member).left(this);
            disconnected();
        }
    }

    private void poll(int ofConnection) {
        if (ofConnection != connection || watcher == null) {
            return;
        }
        WatchOutput output = watcher.poll(100 + time.below(2_000));
        if (output == null) {
            release();
            return;
        }
        if (take(output)) {
            long pause = cluster.calm ? 3 : time.chance(0.05) ? 6_000 : 20;
            time.after(0, pause, () -> poll(ofConnection));
        }
    }

    /** False if the watch has ended. */
    private boolean take(WatchOutput output) {
        boolean strikes = output instanceof WatchOutput.Events && time.chance(0.05);
        if (strikes && cluster.bug == SimBug.EVENTS_LOST) {
            return true;
        }
        if (strikes && cluster.bug == SimBug.EVENTS_REORDERED && heldBack == null) {
            heldBack = (WatchOutput.Events) output;
            return true;
        }
        note(output);
        if (strikes && cluster.bug == SimBug.EVENTS_REPEATED) {
            note(output);
        }
        release();
        return !(output instanceof WatchOutput.Canceled);
    }

    private void release() {
        WatchOutput.Events late = heldBack;
        heldBack = null;
        if (late != null) {
            note(late);
        }
    }

    private void note(WatchOutput output) {
        if (output instanceof WatchOutput.Created created) {
            promises.created(created, revisionAtOpen);
        } else if (output instanceof WatchOutput.Events events) {
            boolean marked = events.fragment() && cluster.bug != SimBug.FRAGMENT_MARK_LOST;
            promises.events(new WatchOutput.Events(events.revision(), events.events(), marked), compactRevision());
        } else if (output instanceof WatchOutput.SnapshotEntries entries) {
            promises.entries(entries);
        } else if (output instanceof WatchOutput.SnapshotComplete complete) {
            promises.complete(complete);
        } else if (output instanceof WatchOutput.Progress progress) {
            boolean early = cluster.bug == SimBug.PROGRESS_TOO_EARLY;
            long known = cluster.truth.revision();
            promises.progress(early ? new WatchOutput.Progress(known) : progress, known);
        } else if (output instanceof WatchOutput.Lagging) {
            lagged++;
        } else if (output instanceof WatchOutput.Canceled canceled) {
            canceled(canceled);
        }
    }

    private void canceled(WatchOutput.Canceled canceled) {
        if (canceled.code() == ErrorCode.COMPACTED) {
            promises.compacted(canceled, compactRevision());
            spec = spec(cluster.truth.revision());
            promises.restart(spec);
        } else if (canceled.code() != ErrorCode.NOT_READY) {
            throw new BrokenPromise("Resumable", "a watch ends only for a reason", canceled.toString());
        }
        Objects.requireNonNull(watcher).close();
        Objects.requireNonNull(member).left(this);
        disconnected();
    }

    /** The greatest compaction revision anywhere. */
    private long compactRevision() {
        return cluster.members.stream()
                .filter(SimMember::isReady)
                .mapToLong(each -> each.keyspace().compactRevision())
                .max()
                .orElse(Long.MAX_VALUE);
    }

    private WatchSpec spec(long current) {
        boolean snapshot = time.chance(0.3);
        long start =
                switch (time.below(4)) {
                    case 0 -> Math.max(0, current - time.below(30));
                    case 1 -> current + time.below(20);
                    default -> 0;
                };
        boolean puts = time.chance(0.9);
        return new WatchSpec(
                range(),
                snapshot ? 0 : start,
                puts,
                !puts || time.chance(0.9),
                time.chance(0.3),
                time.chance(0.5),
                snapshot,
                time.chance(0.5) ? Duration.ofMillis(300) : Duration.ZERO,
                EventEncoding.STORE);
    }

    private KeyRange range() {
        return switch (time.below(5)) {
            case 0 -> KeyRange.single(key("a/" + time.below(4)));
            case 1 -> KeyRange.prefix(key("a/"));
            case 2 -> new KeyRange(key("a/2"), key("b/2"));
            default -> KeyRange.prefix(key(""));
        };
    }

    private static ByteString key(String name) {
        return ScopedKey.of("", ByteString.copyFromUtf8(name));
    }
}
