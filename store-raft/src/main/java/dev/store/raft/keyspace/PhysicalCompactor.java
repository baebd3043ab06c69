package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import dev.store.raft.storage.OrderedReader;
import dev.store.raft.storage.OrderedStore;
import dev.store.raft.storage.RowCursor;
import dev.store.raft.storage.WriteImage;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Takes rows out of the storage that compaction made unreadable.
 *
 * <p>The compaction itself is the replicated {@code Compact} command, which only moves the compaction revision. What it
 * makes unreadable is no longer part of the visible state, so each member removes it at its own pace, in small batches,
 * without holding up the apply thread; the progress is stored with each batch. The work is one pass over the revision
 * log between two compaction revisions: each change there names the record that it replaced, which is now unreachable.
 *
 * <p>The newest change of each key stays, for the state at the compaction revision can still be read; so does a deletion
 * made exactly there, for its event can still be watched (losing it was etcd #18089 and #19179).
 */
final class PhysicalCompactor {
    private static final int ROWS_PER_BATCH = 1_000;
    /** Removed rows after which the files are rewritten at once instead of whenever RocksDB finds it worthwhile. */
    private static final long RECLAIM_ROWS = 50_000;

    private final OrderedStore store;
    private final Executor executor;
    private final Consumer<Throwable> onFailure;
    private final AtomicBoolean running = new AtomicBoolean();
    private final NavigableMap<Long, CompletableFuture<Void>> waiting = new TreeMap<>();
    private volatile long wanted;
    private volatile long done;
    private volatile boolean stopped;
    private long removedSinceReclaim;

    PhysicalCompactor(OrderedStore store, Executor executor, Consumer<Throwable> onFailure) {
        this.store = store;
        this.executor = executor;
        this.onFailure = onFailure;
        byte[] row = store.latest().get(Rows.META_PHYSICAL);
        this.done = row == null ? 0 : Rows.getLong(row, 0);
    }

    /** Everything superseded at or below this revision may go. */
    void compactTo(long revision) {
        if (revision > done) {
            wanted = revision;
            if (running.compareAndSet(false, true)) {
                executor.execute(this::run);
            }
        }
    }

    /** Unreadable rows up to this revision are gone. */
    long done() {
        return done;
    }

    CompletableFuture<Void> await(long revision) {
        synchronized (waiting) {
            if (revision <= done) {
                return CompletableFuture.completedFuture(null);
            }
            return waiting.computeIfAbsent(revision, r -> new CompletableFuture<>());
        }
    }

    void stop() {
        stopped = true;
    }

    private void run() {
        try {
            while (!stopped && done < wanted) {
                pass(done, wanted);
            }
        } catch (RuntimeException e) {
            if (!stopped) {
                onFailure.accept(e);
            }
        } finally {
            running.set(false);
        }
        if (!stopped && done < wanted) {
            compactTo(wanted);
        }
    }

    /** Removes what became unreadable when the compaction revision moved from one to the other. */
    private void pass(long from, long to) {
        WriteImage image = new WriteImage();
        long reached = from;
        try (OrderedReader reader = store.snapshot();
                RowCursor rows = reader.cursor(Rows.revisionStart(from), Rows.revisionStart(to + 1))) {
            for (boolean valid = rows.first(); valid && !stopped; valid = rows.next()) {
                long revision = Rows.revisionOf(rows.key());
                if (image.count() >= ROWS_PER_BATCH && revision != reached) {
                    // Rows of `reached` itself are all looked at, but deletions there count as "exactly at" again.
                    write(image, reached);
                }
                reached = revision;
                remove(image, rows, revision, from, to);
            }
        }
        if (!stopped) {
            write(image, to);
            reclaim(to);
            complete();
        }
    }

    private static void remove(WriteImage image, RowCursor rows, long revision, long from, long to) {
        ByteString key = Rows.keyOfRevision(rows.key());
        LoggedChange change = LoggedChange.decode(rows.value());
        if (revision > from && change.previousRevision() != 0) {
            image.delete(Rows.revision(change.previousRevision(), key));
            image.delete(Rows.history(key, change.previousRevision()));
        }
        if (change.current() == null && revision < to) {
            image.delete(Rows.revision(revision, key));
            image.delete(Rows.history(key, revision));
        }
    }

    private void write(WriteImage image, long progress) {
        removedSinceReclaim += image.count();
        byte[] row = new byte[8];
        Rows.putLong(row, 0, progress);
        image.put(Rows.META_PHYSICAL, row);
        store.write(image);
        image.clear();
        done = progress;
    }

    private void reclaim(long to) {
        if (removedSinceReclaim >= RECLAIM_ROWS) {
            removedSinceReclaim = 0;
            store.reclaim(Rows.table('h'), Rows.table('i'));
            store.reclaim(Rows.table('r'), Rows.revisionStart(to));
        }
    }

    private void complete() {
        synchronized (waiting) {
            var reached = waiting.headMap(done, true);
            reached.values().forEach(future -> future.complete(null));
            reached.clear();
        }
    }
}
