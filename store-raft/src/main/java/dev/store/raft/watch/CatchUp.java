package dev.store.raft.watch;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.raft.keyspace.History;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.keyspace.RevisionEvents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads for watchers that are not live: a page of the snapshot, the ring, or history. One task is one page of one
 * watcher, queued behind those of the others, so that none starves.
 */
final class CatchUp {
    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);
    private static final Duration RETRY = Duration.ofMillis(50);
    private static final int MAX_FAILED_READS = 5;

    private final WatchSource source;
    private final WatchOptions options;
    private final WatchThreads threads;
    private final RecentRevisions recent;
    private final Arrivals arrivals;

    CatchUp(WatchSource source, WatchOptions options, WatchThreads threads, RecentRevisions recent, Arrivals arrivals) {
        this.source = source;
        this.options = options;
        this.threads = threads;
        this.recent = recent;
        this.arrivals = arrivals;
    }

    /** Reads the next page for a watcher whose fill has been started. */
    void submit(HubWatcher watcher) {
        try {
            threads.catchUp().execute(() -> run(watcher));
        } catch (RejectedExecutionException e) {
            LOG.debug("the watch hub was closed while a watcher was catching up", e);
        }
    }

    private void run(HubWatcher watcher) {
        try {
            switch (watcher.phase()) {
                case SNAPSHOT -> readSnapshot(watcher);
                case CATCHING_UP -> readChanges(watcher);
                // Should it fall behind meanwhile, it goes on at once.
                case LIVE, ENDED -> filled(watcher);
            }
            watcher.failedReads = 0;
        } catch (StoreException e) {
            failed(watcher, e);
        } catch (RuntimeException e) {
            failed(watcher, e);
        }
    }

    private void readSnapshot(HubWatcher watcher) {
        SnapshotReading reading = watcher.reading;
        SnapshotReading.Page page;
        try (KeyspaceView view = source.view()) {
            if (reading.revision() < 0) {
                reading.begin(view);
                watcher.begin(new WatchOutput.Created(reading.revision(), reading.revision() + 1));
            }
            page = reading.read(view, watcher.spec().range(), options.pageBytes());
        }
        watcher.filled(page.entries());
        if (page.last()) {
            watcher.snapshotComplete(reading.revision());
            arrived(watcher);
        } else {
            filled(watcher);
        }
    }

    private void readChanges(HubWatcher watcher) {
        long from = watcher.next();
        List<SharedRevision> remembered = recent.from(from, options.bufferRevisions() / 2 + 1);
        boolean read = remembered == null ? readHistory(watcher, from) : takeRemembered(watcher, from, remembered);
        if (read && recent.reaches(watcher.next())) {
            arrived(watcher);
        } else {
            filled(watcher);
        }
    }

    /** Fills in from memory; true if nothing more is remembered. */
    private boolean takeRemembered(HubWatcher watcher, long from, List<SharedRevision> remembered) {
        List<Delivery> found = new ArrayList<>();
        long through = from - 1;
        int bytes = 0;
        for (SharedRevision revision : remembered) {
            Delivery delivery = revision.matching(watcher.interest());
            if (delivery != null) {
                if (!found.isEmpty() && bytes + delivery.bytes() > options.pageBytes()) {
                    break;
                }
                found.add(delivery);
                bytes += delivery.bytes();
            }
            through = revision.revision();
        }
        watcher.filled(found, through);
        return true;
    }

    /** Fills in from storage. */
    private boolean readHistory(HubWatcher watcher, long from) {
        History history = source.history();
        Interest interest = watcher.interest();
        long current = history.currentRevision();
        if (from > current) {
            // A start in the future, or a keyspace that has not caught up again: waits for the dispatcher.
            return true;
        }
        History.HistoryPage page =
                history.read(from, current, interest.range(), options.pageBytes(), interest.previous());
        if (page.throughRevision() < from) {
            throw new IllegalStateException(
                    "history: looked at through " + page.throughRevision() + " (expected: at least " + from + ")");
        }
        List<Delivery> found = new ArrayList<>();
        for (RevisionEvents revision : page.revisions()) {
            Delivery delivery = new SharedRevision(revision).matching(interest);
            if (delivery != null) {
                found.add(delivery);
            }
        }
        watcher.filled(found, page.throughRevision());
        return true;
    }

    private void filled(HubWatcher watcher) {
        wake(watcher);
        if (watcher.endFill()) {
            submit(watcher);
        }
    }

    private void arrived(HubWatcher watcher) {
        wake(watcher);
        arrivals.arrived(watcher);
    }

    private static void wake(HubWatcher watcher) {
        if (watcher.wakes()) {
            watcher.signal();
        }
    }

    private void failed(HubWatcher watcher, RuntimeException failure) {
        StoreException known = failure instanceof StoreException store ? store : null;
        if (known != null && known.code().retryable()) {
            // Between two keyspaces, while a snapshot is being installed: what is sought will be there soon.
            threads.timer().schedule(() -> submit(watcher), RETRY);
            return;
        }
        if (known == null && ++watcher.failedReads < MAX_FAILED_READS) {
            LOG.warn("a read for a watcher failed; trying again", failure);
            threads.timer().schedule(() -> submit(watcher), RETRY);
            return;
        }
        cancel(watcher, known, failure);
    }

    private void cancel(HubWatcher watcher, @Nullable StoreException known, RuntimeException failure) {
        if (known == null) {
            LOG.error("a read for a watcher failed for good", failure);
        }
        ErrorCode code = known == null ? ErrorCode.INTERNAL : known.code();
        long compacted = code == ErrorCode.COMPACTED ? source.history().compactRevision() : 0;
        arrivals.canceled(watcher, code, String.valueOf(failure.getMessage()), compacted);
    }

    /** What becomes of watchers that have read enough. */
    interface Arrivals {
        /** The watcher can be brought up to date by the dispatcher; its fill has not been ended. */
        void arrived(HubWatcher watcher);

        /** The watcher cannot be served. */
        void canceled(HubWatcher watcher, ErrorCode code, String message, long compactRevision);
    }
}
