package dev.store.raft.watch;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.raft.keyspace.AppliedListener;
import dev.store.raft.keyspace.History;
import dev.store.raft.keyspace.RevisionEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watch hub: hands each applied revision to the watchers that want it, and remembers the last ones in a ring.
 *
 * <p>The apply thread only puts its changes into the mailbox of the one dispatcher. The dispatcher finds the interested
 * watchers through an index and puts references to shared, lazily encoded events into their bounded buffers. A watcher
 * whose buffer is full, or that starts in the past, reads the ring or history on the catch-up threads, page by page, and
 * is made live again by the dispatcher between two revisions. There are no ticks: each step is started by the one before.
 */
public final class RingWatchHub implements WatchHub, AppliedListener {
    private static final Logger LOG = LoggerFactory.getLogger(RingWatchHub.class);
    /** Changes that nobody watches wait for the dispatcher up to this size. */
    private static final long LEFT_BYTES = 256 << 10;

    private final WatchSource source;
    private final WatchOptions options;
    private final Runnable onClosed;
    private final Mailbox mailbox;
    private final RecentRevisions recent;
    private final CatchUp catchUp;
    private final HubWatcher.Hub asHub = new WatcherSide();

    private final Set<HubWatcher> all = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicLong skipTo = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicLong fellBehind = new AtomicLong();

    // The dispatcher's own; the revision is read by others.
    private final ProgressTimes progressTimes;
    private final List<HubWatcher> progressWaiting = new ArrayList<>();
    private final List<HubWatcher> toWake = new ArrayList<>();
    private InterestIndex index = new InterestIndex();
    private volatile long dispatched;
    // Whether the dispatched revision says anything: a hub that is made before its keyspace is open knows of none.
    private boolean started;

    /** A hub on the given threads, which stay the caller's. */
    public RingWatchHub(WatchSource source, WatchOptions options, WatchThreads threads) {
        this(source, options, threads, () -> {});
    }

    private RingWatchHub(WatchSource source, WatchOptions options, WatchThreads threads, Runnable onClosed) {
        this.source = source;
        this.options = options;
        this.onClosed = onClosed;
        this.dispatched = currentRevision();
        this.started = dispatched > 0;
        this.mailbox = new Mailbox(threads.dispatcher(), this::wakeAll);
        this.recent = new RecentRevisions(options.ringBytes(), dispatched);
        this.catchUp = new CatchUp(source, options, threads, recent, new ReaderSide());
        this.progressTimes =
                new ProgressTimes(threads.nanoClock(), threads.timer(), () -> mailbox.post(this::sendIdleProgress));
    }

    /** A hub on threads of its own, which end when it is closed. */
    public static RingWatchHub start(WatchSource source, WatchOptions options) {
        HubThreads threads = new HubThreads();
        return new RingWatchHub(source, options, threads.asWatchThreads(), threads::shutdown);
    }

    @Override
    public Watcher open(WatchSpec spec, Runnable onReadable) {
        if (open.incrementAndGet() > options.watchers()) {
            open.decrementAndGet();
            String message = "watches: " + options.watchers() + " are open on this member (expected: fewer)";
            return refused(spec, onReadable, ErrorCode.OVERLOADED, message, 0);
        }
        try {
            return admit(spec, onReadable);
        } catch (StoreException e) {
            open.decrementAndGet();
            return refused(spec, onReadable, e.code(), String.valueOf(e.getMessage()), 0);
        }
    }

    private HubWatcher admit(WatchSpec spec, Runnable onReadable) {
        History history = source.history();
        long current = history.currentRevision();
        long compacted = history.compactRevision();
        // The compaction revision itself can be watched from: its changes are still kept.
        if (spec.startRevision() != 0 && spec.startRevision() < compacted) {
            open.decrementAndGet();
            String message =
                    "start_revision: " + spec.startRevision() + " (expected: >= " + compacted + ", compacted below)";
            return refused(spec, onReadable, ErrorCode.COMPACTED, message, compacted);
        }
        long start = spec.startRevision() == 0 ? current + 1 : spec.startRevision();
        HubWatcher watcher = new HubWatcher(spec, start, onReadable, asHub);
        if (!spec.snapshot()) {
            watcher.begin(new WatchOutput.Created(current, start));
        }
        all.add(watcher);
        mailbox.post(() -> opened(watcher));
        return watcher;
    }

    private HubWatcher refused(
            WatchSpec spec, Runnable onReadable, ErrorCode code, String message, long compactRevision) {
        HubWatcher watcher = new HubWatcher(spec, 0, onReadable, asHub);
        watcher.counted = false;
        watcher.cancel(currentRevision(), code, message, compactRevision);
        mailbox.post(() -> wakeLater(watcher));
        return watcher;
    }

    @Override
    public int size() {
        return open.get();
    }

    @Override
    public void onApplied(List<RevisionEvents> revisions, long currentRevision, long compactRevision) {
        if (revisions.isEmpty()) {
            return;
        }
        long bytes = 0;
        for (RevisionEvents revision : revisions) {
            bytes += revision.sizeBytes();
        }
        long size = bytes;
        if (queuedBytes.getAndAdd(size) + size > options.queueBytes() && queuedBytes.get() > size) {
            // The dispatcher cannot follow: memory stays bounded, and everybody reads these from history.
            queuedBytes.addAndGet(-size);
            skip(currentRevision);
            return;
        }
        mailbox.leave(() -> {
            queuedBytes.addAndGet(-size);
            applied(revisions, currentRevision);
        });
        // Who opens a watch after this look wakes the dispatcher; to wake it for nobody costs more than what it does.
        if (open.get() > 0 || queuedBytes.get() > LEFT_BYTES) {
            mailbox.wake();
        }
    }

    @Override
    public void onSnapshotInstalled(long currentRevision, long compactRevision) {
        skip(currentRevision);
    }

    private void skip(long revision) {
        // One message is enough for many skips in a row.
        if (skipTo.getAndSet(revision) == 0) {
            mailbox.post(() -> {
                jump(skipTo.getAndSet(0));
                answerProgress();
            });
        }
    }

    /** What the hub does at present; looks at every watcher. */
    public WatchFigures figures() {
        int synced = 0;
        int behind = 0;
        long maxLag = 0;
        long buffered = 0;
        long reached = open.get() == 0 ? currentRevision() : dispatched;
        for (HubWatcher watcher : all) {
            HubWatcher.Phase phase = watcher.phase();
            buffered += watcher.bufferedBytes();
            if (phase == HubWatcher.Phase.LIVE) {
                synced++;
            } else if (phase != HubWatcher.Phase.ENDED) {
                behind++;
                maxLag = Math.max(maxLag, reached - watcher.next() + 1);
            }
        }
        return new WatchFigures(
                size(), synced, behind, fellBehind.get(), reached, maxLag, recent.bytes(), recent.size(), buffered);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            mailbox.post(() -> {
                for (HubWatcher watcher : List.copyOf(all)) {
                    end(watcher, ErrorCode.NOT_READY, "this member is stopping", 0);
                }
                onClosed.run();
            });
        }
    }

    // --- Everything below runs on the dispatcher, unless it says otherwise. ---

    private void applied(List<RevisionEvents> revisions, long currentRevision) {
        try {
            for (RevisionEvents revision : revisions) {
                // What lies below was announced before, or skipped: it comes again when the log is replayed.
                if (revision.revision() > dispatched + 1) {
                    jump(revision.revision() - 1);
                }
                if (revision.revision() == dispatched + 1) {
                    dispatch(new SharedRevision(revision));
                }
            }
        } catch (RuntimeException e) {
            // Some watchers got this revision and some did not; each knows for itself, and reads on from history.
            LOG.error("dispatching revision {} failed; all watchers read history", dispatched + 1, e);
            jump(currentRevision);
        }
        answerProgress();
    }

    private void dispatch(SharedRevision revision) {
        started = true;
        long now = progressTimes.now();
        recent.add(revision);
        for (Topic topic : index.gather(revision)) {
            Delivery delivery = topic.deliver(revision.revision());
            List<HubWatcher> members = topic.members();
            for (int i = members.size() - 1; i >= 0; i--) {
                HubWatcher watcher = members.get(i);
                watcher.lastOfferNanos = now;
                if (!watcher.offer(delivery, revision.revision())) {
                    index.remove(watcher);
                    fellBehind.incrementAndGet();
                }
                wakeLater(watcher);
            }
        }
        dispatched = revision.revision();
    }

    /** Goes on after a revision without having seen what lies before: the watchers read that from history. */
    private void jump(long revision) {
        if (revision < dispatched) {
            LOG.debug("revision {} was dispatched already, up to {}", revision, dispatched);
            return;
        }
        started = true;
        long offered = dispatched;
        List<HubWatcher> live = index.watchers();
        index = new InterestIndex();
        recent.restart(revision);
        dispatched = revision;
        for (HubWatcher watcher : live) {
            watcher.topicSlot = -1;
            if (watcher.suspend(offered)) {
                catchUp.submit(watcher);
            }
        }
    }

    private void opened(HubWatcher watcher) {
        if (!started) {
            // What the keyspace held when it was opened is announced by nobody: whoever wants that reads history.
            jump(currentRevision());
        }
        watcher.lastOfferNanos = progressTimes.now();
        progressTimes.add(watcher);
        if (closed.get()) {
            end(watcher, ErrorCode.NOT_READY, "this member is stopping", 0);
        } else if (watcher.spec().snapshot()) {
            catchUp.submit(watcher);
        } else {
            join(watcher);
        }
    }

    /** Makes a watcher live if the ring holds the little that it lacks; otherwise it goes on reading. */
    private void join(HubWatcher watcher) {
        long next = watcher.next();
        boolean near = recent.reaches(next) && dispatched - next < options.joinRevisions();
        if (near && watcher.goLive(remembered(watcher.interest(), next), dispatched)) {
            index.add(watcher);
        } else if (watcher.endFill()) {
            catchUp.submit(watcher);
        }
        wakeLater(watcher);
    }

    private List<Delivery> remembered(Interest interest, long from) {
        List<Delivery> found = new ArrayList<>();
        List<SharedRevision> revisions = recent.from(from, options.joinRevisions());
        if (revisions != null) {
            for (SharedRevision revision : revisions) {
                Delivery delivery = revision.matching(interest);
                if (delivery != null) {
                    found.add(delivery);
                }
            }
        }
        return found;
    }

    private void end(HubWatcher watcher, ErrorCode code, String message, long compactRevision) {
        if (watcher.cancel(dispatched, code, message, compactRevision)) {
            wakeLater(watcher);
        }
        forget(watcher);
    }

    private void forget(HubWatcher watcher) {
        if (watcher.topicSlot >= 0) {
            index.remove(watcher);
        }
        if (watcher.counted) {
            watcher.counted = false;
            all.remove(watcher);
            open.decrementAndGet();
        }
    }

    private void askProgress(HubWatcher watcher) {
        if (watcher.answerProgress(dispatched)) {
            wakeLater(watcher);
        } else {
            progressWaiting.add(watcher);
        }
    }

    private void answerProgress() {
        if (!progressWaiting.isEmpty()) {
            progressWaiting.removeIf(watcher -> {
                boolean answered = watcher.answerProgress(dispatched);
                if (answered) {
                    wakeLater(watcher);
                }
                return answered;
            });
        }
    }

    private void sendIdleProgress() {
        progressTimes.run(dispatched, this::wakeLater);
    }

    private void wakeLater(HubWatcher watcher) {
        if (!watcher.toWake) {
            watcher.toWake = true;
            toWake.add(watcher);
        }
    }

    private void wakeAll() {
        for (HubWatcher watcher : toWake) {
            watcher.toWake = false;
            if (watcher.wakes()) {
                try {
                    watcher.signal();
                } catch (RuntimeException e) {
                    LOG.error("waking the consumer of a watcher failed", e);
                }
            }
        }
        toWake.clear();
    }

    /** On any thread. */
    private long currentRevision() {
        try {
            return source.history().currentRevision();
        } catch (StoreException e) {
            return 0;
        }
    }

    /** What watchers ask for, on any thread. */
    private final class WatcherSide implements HubWatcher.Hub {
        @Override
        public WatchOptions options() {
            return options;
        }

        @Override
        public void fill(HubWatcher watcher) {
            catchUp.submit(watcher);
        }

        @Override
        public void progress(HubWatcher watcher) {
            mailbox.post(() -> askProgress(watcher));
        }

        @Override
        public void closed(HubWatcher watcher) {
            mailbox.post(() -> forget(watcher));
        }

        @Override
        public long currentRevision() {
            return RingWatchHub.this.currentRevision();
        }
    }

    /** What the catch-up threads report. */
    private final class ReaderSide implements CatchUp.Arrivals {
        @Override
        public void arrived(HubWatcher watcher) {
            mailbox.post(() -> join(watcher));
        }

        @Override
        public void canceled(HubWatcher watcher, ErrorCode code, String message, long compactRevision) {
            mailbox.post(() -> end(watcher, code, message, compactRevision));
        }
    }
}
