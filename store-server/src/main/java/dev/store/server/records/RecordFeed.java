package dev.store.server.records;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.raft.keyspace.AppliedListener;
import dev.store.raft.keyspace.KeyEvent;
import dev.store.raft.keyspace.KeyRange;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.keyspace.RecordKind;
import dev.store.raft.keyspace.RevisionEvents;
import dev.store.raft.keyspace.Scope;
import dev.store.raft.keyspace.ScopedKey;
import dev.store.raft.watch.WatchSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@linkplain RecordView views} in step with what this member has applied: loads them from the keyspace, then gives
 * them each later change once and in order, on a thread of its own.
 *
 * <p>Costs the apply thread a look at one byte of each changed key. If the views fall too far behind, what waits is
 * dropped and they are loaded anew, so that memory is bounded.
 */
public final class RecordFeed implements AppliedListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RecordFeed.class);

    /** Most bytes of changes that wait for the views before they are loaded anew instead. */
    private static final long MAX_WAITING_BYTES = 64L << 20;

    private static final KeyRange EVERYTHING =
            new KeyRange(ByteString.EMPTY, ByteString.copyFrom(new byte[] {(byte) 0xff}));
    private static final Duration RETRY = Duration.ofMillis(20);

    private final List<RecordView> views;
    private final Consumer<Throwable> onFailure;
    private final Thread thread;

    private final Object lock = new Object();
    private final ArrayDeque<Step> waiting = new ArrayDeque<>();
    private final PriorityQueue<Waiter> waiters = new PriorityQueue<>();
    private @Nullable WatchSource source;
    private long waitingBytes;
    private boolean reload = true;
    private boolean busy;
    private boolean closed;
    /** Revision that all views show; -1 until they were loaded for the first time. */
    private volatile long reached = -1;

    /** One applied entry of the log. */
    private record Step(long revision, List<List<RecordChange>> revisions, long bytes) {}

    private record Waiter(long revision, CompletableFuture<Long> done) implements Comparable<Waiter> {
        @Override
        public int compareTo(Waiter other) {
            return Long.compare(revision, other.revision);
        }
    }

    /**
     * Makes a feed; it does nothing until it is {@linkplain #start started}.
     *
     * @param onFailure is told if a view throws: it may then show what is not true, so the process must stop
     */
    public RecordFeed(List<RecordView> views, Consumer<Throwable> onFailure) {
        this.views = List.copyOf(views);
        this.onFailure = onFailure;
        this.thread = new Thread(this::run, "store-views");
        thread.setDaemon(true);
    }

    /** Begins to load the views as soon as there is a keyspace. */
    public void start(WatchSource keyspace) {
        synchronized (lock) {
            source = keyspace;
        }
        thread.start();
    }

    /** The revision that all views show; -1 if they were never loaded. */
    public long reached() {
        return reached;
    }

    /**
     * Completes, with the revision that the views show, once they show at least this one; fails with
     * {@code REVISION_NOT_REACHED} after the timeout, or with {@code NOT_READY} if they are not even loaded by then.
     */
    public CompletableFuture<Long> await(long revision, Duration timeout) {
        long now = reached;
        if (now >= revision && now >= 0) {
            return CompletableFuture.completedFuture(now);
        }
        Waiter waiter = new Waiter(revision, new CompletableFuture<>());
        synchronized (lock) {
            if (closed) {
                return CompletableFuture.failedFuture(stopping());
            }
            waiters.add(waiter);
            lock.notifyAll();
        }
        return waiter.done
                .orTimeout(Math.max(1, timeout.toMillis()), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure -> {
                    synchronized (lock) {
                        waiters.remove(waiter);
                    }
                    return CompletableFuture.failedFuture(
                            failure instanceof StoreException ? failure : notReached(revision, timeout));
                });
    }

    private static StoreException stopping() {
        return new StoreException(ErrorCode.NOT_READY, "the member is stopping");
    }

    private StoreException notReached(long revision, Duration timeout) {
        return reached < 0
                ? new StoreException(ErrorCode.NOT_READY, "this member has not loaded its views yet")
                : new StoreException(
                        ErrorCode.REVISION_NOT_REACHED,
                        "revision: " + revision + " was not reached within " + timeout.toMillis()
                                + " ms (this member's views are at " + reached + ")");
    }

    @Override
    public void onApplied(List<RevisionEvents> revisions, long currentRevision, long compactRevision) {
        List<List<RecordChange>> changed = new ArrayList<>();
        long bytes = 0;
        for (RevisionEvents revision : revisions) {
            List<RecordChange> changes = null;
            for (KeyEvent event : revision.events()) {
                RecordChange change = change(event);
                if (change != null) {
                    changes = changes == null ? new ArrayList<>() : changes;
                    changes.add(change);
                    bytes += event.sizeBytes();
                }
            }
            if (changes != null) {
                changed.add(changes);
            }
        }
        synchronized (lock) {
            if (changed.isEmpty() && waiting.isEmpty() && !busy && !reload) {
                // Nothing for the views to do, so they are at the new revision already.
                reached = Math.max(reached, currentRevision);
                if (!waiters.isEmpty()) {
                    lock.notifyAll();
                }
                return;
            }
            waiting.add(new Step(currentRevision, changed, bytes));
            waitingBytes += bytes;
            if (waitingBytes > MAX_WAITING_BYTES) {
                forgetWaiting();
            }
            lock.notifyAll();
        }
    }

    @Override
    public void onSnapshotInstalled(long currentRevision, long compactRevision) {
        synchronized (lock) {
            forgetWaiting();
            lock.notifyAll();
        }
    }

    private void forgetWaiting() {
        waiting.clear();
        waitingBytes = 0;
        reload = true;
    }

    private static @Nullable RecordChange change(KeyEvent event) {
        ByteString scoped = event.scopedKey();
        if (ScopedKey.area(scoped) != ScopedKey.RECORD_AREA) {
            return null;
        }
        ByteString key = ScopedKey.key(scoped);
        Optional<RecordKind> kind = RecordKind.of(key.byteAt(0));
        return kind.isEmpty()
                ? null
                : new RecordChange(
                        ScopedKey.namespace(scoped),
                        kind.get(),
                        key,
                        event.current(),
                        event.revision(),
                        event.atMs(),
                        event.by());
    }

    private void run() {
        try {
            while (turn()) {
                // Until the feed is closed.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.error("a view failed", e);
            onFailure.accept(e);
        }
        List<Waiter> left;
        synchronized (lock) {
            closed = true;
            left = new ArrayList<>(waiters);
            waiters.clear();
        }
        left.forEach(waiter -> waiter.done.completeExceptionally(stopping()));
    }

    private boolean turn() throws InterruptedException {
        Step step = null;
        boolean load = false;
        List<Waiter> due;
        synchronized (lock) {
            busy = false;
            due = takeDue();
            while (due.isEmpty() && !closed && !reload && waiting.isEmpty()) {
                lock.wait();
                due = takeDue();
            }
            if (closed) {
                return false;
            }
            if (due.isEmpty()) {
                load = reload;
                reload = false;
                busy = true;
                step = load ? null : waiting.poll();
                waitingBytes -= step == null ? 0 : step.bytes;
            }
        }
        // Outside of the lock: whoever waited goes on in this thread.
        due.forEach(waiter -> waiter.done.complete(reached));
        if (load) {
            load();
        } else if (step != null && step.revision > reached) {
            apply(step);
        }
        return true;
    }

    private List<Waiter> takeDue() {
        List<Waiter> due = new ArrayList<>();
        while (reached >= 0 && !waiters.isEmpty() && waiters.peek().revision <= reached) {
            due.add(waiters.remove());
        }
        return due;
    }

    private void apply(Step step) {
        for (List<RecordChange> changes : step.revisions) {
            long revision = changes.get(0).revision();
            if (revision > reached) {
                for (RecordView view : views) {
                    List<RecordChange> wanted = changes.stream()
                            .filter(change -> view.kinds().contains(change.kind()))
                            .toList();
                    if (!wanted.isEmpty()) {
                        view.apply(revision, wanted);
                    }
                }
            }
        }
        reached = Math.max(reached, step.revision);
    }

    private void load() throws InterruptedException {
        WatchSource keyspace;
        synchronized (lock) {
            keyspace = source;
        }
        if (keyspace == null) {
            throw new IllegalStateException("feed: not started");
        }
        try (KeyspaceView state = keyspace.view()) {
            views.forEach(RecordView::loading);
            String namespace = firstNamespace(state, EVERYTHING);
            while (namespace != null) {
                loadNamespace(state, namespace);
                namespace = firstNamespace(
                        state,
                        new KeyRange(KeyRange.successor(Scope.records(namespace).prefix()), EVERYTHING.end()));
            }
            long revision = state.revision();
            views.forEach(view -> view.loaded(revision));
            reached = revision;
        } catch (StoreException e) {
            // Between two keyspaces, or at the start: the one that comes is loaded.
            synchronized (lock) {
                reload = true;
            }
            Thread.sleep(RETRY.toMillis());
        }
    }

    private static @Nullable String firstNamespace(KeyspaceView state, KeyRange range) {
        try (KeyspaceView.KeyCursor cursor = state.scan(range, 0)) {
            return cursor.next() ? ScopedKey.namespace(cursor.scopedKey()) : null;
        }
    }

    private void loadNamespace(KeyspaceView state, String namespace) {
        try (KeyspaceView.KeyCursor cursor =
                state.scan(KeyRange.prefix(Scope.records(namespace).prefix()), 0)) {
            while (cursor.next()) {
                ByteString key = ScopedKey.key(cursor.scopedKey());
                Optional<RecordKind> kind = RecordKind.of(key.byteAt(0));
                for (RecordView view : views) {
                    if (kind.isPresent() && view.kinds().contains(kind.get())) {
                        view.load(namespace, kind.get(), key, cursor.keyRecord());
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
