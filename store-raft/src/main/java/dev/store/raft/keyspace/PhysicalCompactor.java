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
    /** Less than this is not worth a rewrite of files; RocksDB gets to it when it finds it worthwhile. */
    static final long RECLAIM_BYTES = 16 << 20;

    /** Nor is less than this part of all files, so that a rewrite costs a few times what it gives back, and no more. */
    private static final int RECLAIM_SHARE = 4;

    private final OrderedStore store;
    private final Executor executor;
    private final Consumer<Throwable> onFailure;
    private final AtomicBoolean running = new AtomicBoolean();
    private final NavigableMap<Long, CompletableFuture<Void>> waiting = new TreeMap<>();
    private volatile long wanted;
    private volatile long done;
    private volatile boolean stopped;
    /**
     * Bytes removed since files were rewritten; counted, because tombstones weigh so little that RocksDB lets gigabytes lie
     * under a few thousand of them. An estimate: a version that was removed is not read once more, but taken to be as large
     * as the one that replaced it; only where a deletion did, its size is looked up.
     */
    private long removedBytes;

    /** The part of it that was deleted: that much lies under tombstones in the table of current records too. */
    private long deletedBytes;

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
                remove(image, reader, rows, from, to);
            }
        }
        if (!stopped) {
            write(image, to);
            reclaim(to);
            complete();
        }
    }

    private void remove(WriteImage image, OrderedReader reader, RowCursor rows, long from, long to) {
        long revision = Rows.revisionOf(rows.key());
        ByteString key = Rows.keyOfRevision(rows.key());
        LoggedChange change = LoggedChange.decode(rows.value());
        if (revision > from && change.previousRevision() != 0) {
            byte[] previous = Rows.revision(change.previousRevision(), key);
            boolean deletion = change.current() == null;
            byte[] replaced = deletion ? reader.get(previous) : rows.value();
            long size = replaced == null ? 0 : replaced.length;
            removedBytes += size;
            deletedBytes += deletion ? size : 0;
            image.delete(previous);
            image.delete(Rows.history(key, change.previousRevision()));
        }
        if (change.current() == null && revision < to) {
            image.delete(Rows.revision(revision, key));
            image.delete(Rows.history(key, revision));
        }
    }

    private void write(WriteImage image, long progress) {
        byte[] row = new byte[8];
        Rows.putLong(row, 0, progress);
        image.put(Rows.META_PHYSICAL, row);
        store.write(image);
        image.clear();
        done = progress;
    }

    private void reclaim(long to) {
        if (removedBytes >= RECLAIM_BYTES && removedBytes >= store.figures().diskBytes() / RECLAIM_SHARE) {
            if (deletedBytes >= RECLAIM_BYTES) {
                store.reclaim(Rows.table('c'), Rows.table('d'));
            }
            removedBytes = 0;
            deletedBytes = 0;
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
