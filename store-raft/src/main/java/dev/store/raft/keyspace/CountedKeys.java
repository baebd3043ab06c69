package dev.store.raft.keyspace;

import dev.store.raft.storage.OrderedReader;
import dev.store.raft.storage.OrderedStore;
import dev.store.raft.storage.StorageException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Keeps {@link KeyCounts} while entries are applied, so that pages of a long list can say how many keys are left without
 * going over all of them. It begins when somebody has counted many keys one by one: members that are never asked spend
 * nothing on it.
 *
 * <p>Counts are told for the applied index that a view shows. They are known a moment after the storage is written, and
 * for the last entries only; where they are not known the keys are counted one by one.
 */
final class CountedKeys {
    /** Who has counted more than this by hand wants counts to be kept. */
    static final int WORTHWHILE = 10_000;

    /** Moments that views may still show; a view is asked for its counts soon after it was made. */
    private static final int MOMENTS = 64;

    /** Most bytes of changes that wait while all keys are counted for the first time; then it is given up. */
    private static final long MOST_PENDING_BYTES = 32L << 20;

    /** How long, roughly, a view waits to be told of what the storage shows already. */
    private static final int PATIENCE_MS = 10;

    private final OrderedStore store;
    private final RecordSource newest;
    private final Executor background;
    private volatile State state = State.IDLE;
    /** Changes of entries since the first count began, in order. Guarded by this. */
    private final List<Entry> pending = new ArrayList<>();

    private long pendingBytes;
    /** The newest last. Guarded by this. */
    private final Deque<Moment> moments = new ArrayDeque<>();

    /** The last entry noted, or counted with all. Guarded by this. */
    private long applied;

    private enum State {
        IDLE,
        COUNTING,
        KEPT
    }

    private record Entry(long index, List<RevisionEvents> revisions) {}

    /** Counts from an index on, until the next moment. */
    private record Moment(long index, KeyCounts counts) {}

    CountedKeys(OrderedStore store, Executor background) {
        this.store = store;
        this.newest = new CurrentRecords(store.latest());
        this.background = background;
    }

    /** Notes what an entry has changed, after it was written to the storage. On the apply thread. */
    void applied(long index, List<RevisionEvents> revisions) {
        if (state != State.IDLE) {
            note(index, revisions);
        }
    }

    private synchronized void note(long index, List<RevisionEvents> revisions) {
        applied = index;
        if (state == State.COUNTING && KeyCounts.concern(revisions)) {
            pending.add(new Entry(index, revisions));
            for (RevisionEvents revision : revisions) {
                pendingBytes += revision.sizeBytes();
            }
            if (pendingBytes > MOST_PENDING_BYTES) {
                reset();
            }
        } else if (state == State.KEPT) {
            KeyCounts before = moments.getLast().counts();
            KeyCounts after = before.after(revisions);
            if (after != before) {
                // The storage holds this very state now: nobody but this thread changes current records.
                keep(new Moment(index, after.divided(newest)));
            }
            notifyAll();
        }
    }

    private void keep(Moment moment) {
        moments.addLast(moment);
        if (moments.size() > MOMENTS) {
            moments.removeFirst();
        }
    }

    /** The counts that hold at an applied index which the storage has shown; null if they are not known. */
    @Nullable
    KeyCounts at(long index) {
        return state == State.KEPT ? known(index) : null;
    }

    private synchronized @Nullable KeyCounts known(long index) {
        if (!awaitApplied(index)) {
            return null;
        }
        var newestFirst = moments.descendingIterator();
        while (newestFirst.hasNext()) {
            Moment moment = newestFirst.next();
            if (moment.index() <= index) {
                return moment.counts();
            }
        }
        return null;
    }

    private boolean awaitApplied(long index) {
        try {
            for (int i = 0; i < PATIENCE_MS && applied < index && state == State.KEPT; i++) {
                wait(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return applied >= index && state == State.KEPT;
    }

    /** Somebody has counted this many keys one by one. */
    void counted(long keys) {
        if (keys > WORTHWHILE && state == State.IDLE && begin()) {
            background.execute(this::countAll);
        }
    }

    private synchronized boolean begin() {
        if (state != State.IDLE) {
            return false;
        }
        state = State.COUNTING;
        return true;
    }

    private void countAll() {
        try (OrderedReader reader = store.snapshot()) {
            byte[] row = reader.get(Rows.META_STATE);
            long index = row == null ? 0 : MetaState.decode(row).applied().index();
            try (KeyspaceView.KeyCursor all = new CurrentRecords(reader).cursor(CurrentRecords.EVERYTHING, false)) {
                keepFrom(index, KeyCounts.of(all));
            }
        } catch (StorageException e) {
            // The store was closed, or a file is broken: who reads these keys meets the same and is told.
            giveUp();
        }
    }

    private synchronized void keepFrom(long index, KeyCounts first) {
        if (state != State.COUNTING) {
            return;
        }
        KeyCounts counts = first;
        long last = index;
        for (Entry entry : pending) {
            if (entry.index() > index) {
                // Not divided here: the apply thread may have written more already.
                counts = counts.after(entry.revisions());
                last = entry.index();
            }
        }
        reset();
        moments.add(new Moment(last, counts));
        applied = Math.max(applied, last);
        state = State.KEPT;
    }

    private synchronized void giveUp() {
        reset();
    }

    private void reset() {
        pending.clear();
        pendingBytes = 0;
        moments.clear();
        state = State.IDLE;
    }
}
