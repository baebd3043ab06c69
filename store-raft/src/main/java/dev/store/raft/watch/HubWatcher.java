package dev.store.raft.watch;

import dev.store.api.error.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One watcher of the hub.
 *
 * <p>It moves SNAPSHOT to CATCHING_UP to LIVE, and from LIVE back to CATCHING_UP when its buffer overflows or the
 * keyspace is replaced. While LIVE the dispatcher puts every event in; otherwise at most one fill is under way, which
 * reads from {@link #next} on and is started only when the buffer has room. Only the dispatcher makes it LIVE, between
 * two revisions: that is why no event can fall between history and the live path.
 */
final class HubWatcher implements Watcher {
    enum Phase {
        SNAPSHOT,
        CATCHING_UP,
        LIVE,
        ENDED
    }

    /** What a watcher asks of its hub. */
    interface Hub {
        WatchOptions options();

        /** Reads for the watcher, later. */
        void fill(HubWatcher watcher);

        /** Answers a request for progress, later. */
        void progress(HubWatcher watcher);

        /** Forgets the watcher, later. */
        void closed(HubWatcher watcher);

        /** The last revision that readers can see, 0 if not known. */
        long currentRevision();
    }

    private final WatchSpec spec;
    private final Interest interest;
    private final Runnable onReadable;
    private final Hub hub;

    // The dispatcher's own.
    int topicSlot = -1;
    boolean counted = true;
    boolean toWake;
    long lastOfferNanos;

    // The own of the fill under way, of which there is at most one.
    final SnapshotReading reading = new SnapshotReading();
    int failedReads;

    // Guarded by this.
    private final WatchBuffer buffer = new WatchBuffer();
    private Phase phase;
    // The first revision that is not in the buffer yet and has not been through it.
    private long next;
    // The consumer found nothing; only from then on it wants to be woken.
    private boolean waiting;
    private boolean filling = true;
    private boolean progressOwed;
    private boolean progressQueued;
    private long progressTarget;

    /** A watcher of changes from a revision on, or one that starts with a snapshot if that is what the spec wants. */
    HubWatcher(WatchSpec spec, long startRevision, Runnable onReadable, Hub hub) {
        this.spec = spec;
        this.interest = Interest.of(spec);
        this.onReadable = onReadable;
        this.hub = hub;
        this.phase = spec.snapshot() ? Phase.SNAPSHOT : Phase.CATCHING_UP;
        this.next = startRevision;
    }

    WatchSpec spec() {
        return spec;
    }

    Interest interest() {
        return interest;
    }

    synchronized Phase phase() {
        return phase;
    }

    /** First revision that is neither in the buffer nor was. While LIVE: first revision to be let in. */
    synchronized long next() {
        return next;
    }

    synchronized int bufferedBytes() {
        return buffer.bytes();
    }

    // --- The consumer's side. ---

    @Override
    public @Nullable WatchOutput poll(int maxBytes) {
        WatchBuffer.Taken taken;
        boolean fill;
        synchronized (this) {
            taken = buffer.take(maxBytes, spec.fragment());
            waiting = taken == null;
            fill = startFill();
        }
        if (fill) {
            hub.fill(this);
        }
        return taken == null ? null : taken.output();
    }

    @Override
    public void requestProgress() {
        long target = hub.currentRevision();
        synchronized (this) {
            // A watcher whose start lies in the future is up to date only once that is reached.
            progressTarget = Math.max(progressTarget, Math.max(target, spec.startRevision() - 1));
            if (progressQueued || phase == Phase.ENDED) {
                return;
            }
            progressQueued = true;
        }
        hub.progress(this);
    }

    @Override
    public void close() {
        synchronized (this) {
            phase = Phase.ENDED;
            buffer.clear();
        }
        hub.closed(this);
    }

    void signal() {
        onReadable.run();
    }

    // --- The dispatcher's side. Methods that return boolean tell whether the consumer must be woken. ---

    /** True if the consumer waits although there may be something for it. */
    synchronized boolean wakes() {
        boolean wakes = waiting && !buffer.isEmpty();
        waiting &= !wakes;
        return wakes;
    }

    /** Puts in the events of a new revision; false if there was no room and the watcher fell behind instead. */
    synchronized boolean offer(Delivery delivery, long currentRevision) {
        if (phase != Phase.LIVE || delivery.revision() < next) {
            return true;
        }
        if (buffer.fits(1, delivery.bytes(), hub.options())) {
            buffer.add(delivery);
            next = delivery.revision() + 1;
            return true;
        }
        WatchBuffer.Dropped dropped = buffer.dropEvents();
        next = dropped.firstRevision() == 0 ? delivery.revision() : dropped.firstRevision();
        progressOwed |= dropped.progress();
        phase = Phase.CATCHING_UP;
        buffer.add(new Buffered.Mark(new WatchOutput.Lagging(next - 1, currentRevision)));
        return false;
    }

    /** Stops feeding a LIVE watcher that was offered everything up to a revision; true if a fill is to be started. */
    synchronized boolean suspend(long offeredRevision) {
        if (phase != Phase.LIVE) {
            return false;
        }
        next = Math.max(next, offeredRevision + 1);
        phase = Phase.CATCHING_UP;
        // One that is not pulled at present starts its fill when it is.
        return waiting && startFill();
    }

    /**
     * Makes the watcher LIVE by handing over all that it still lacks; false if that does not fit or it has ended.
     *
     * @param missing what it gets of the revisions from {@link #next} up to the dispatched one
     */
    synchronized boolean goLive(List<Delivery> missing, long dispatchedRevision) {
        if (phase != Phase.CATCHING_UP) {
            return false;
        }
        long size = 0;
        for (Delivery delivery : missing) {
            size += delivery.bytes();
        }
        if (!buffer.fits(missing.size(), size, hub.options())) {
            return false;
        }
        missing.forEach(buffer::add);
        next = Math.max(next, dispatchedRevision + 1);
        phase = Phase.LIVE;
        filling = false;
        if (progressOwed) {
            progressOwed = false;
            buffer.add(new Buffered.Mark(new WatchOutput.Progress(dispatchedRevision)));
        }
        return true;
    }

    /** Answers a request for progress; false if the dispatched revision is not yet the one that was visible then. */
    synchronized boolean answerProgress(long dispatchedRevision) {
        if (phase != Phase.ENDED && progressTarget > dispatchedRevision) {
            return false;
        }
        progressQueued = false;
        offerProgress(dispatchedRevision, true);
        return true;
    }

    /** Says that everything up to the dispatched revision is out, now or, if that was asked for, once it is. */
    synchronized void offerProgress(long dispatchedRevision, boolean asked) {
        if (phase == Phase.LIVE && dispatchedRevision >= spec.startRevision() - 1) {
            buffer.add(new Buffered.Mark(new WatchOutput.Progress(dispatchedRevision)));
        } else {
            progressOwed |= asked;
        }
    }

    /** Ends the watch with a last output. False if it had ended already. */
    synchronized boolean cancel(long revision, ErrorCode code, String message, long compactRevision) {
        if (phase == Phase.ENDED) {
            return false;
        }
        phase = Phase.ENDED;
        buffer.add(new Buffered.Mark(new WatchOutput.Canceled(revision, code, message, compactRevision)));
        return true;
    }

    // --- The fill's side. ---

    /** Puts in a first output. */
    synchronized void begin(WatchOutput.Created created) {
        if (phase != Phase.ENDED) {
            buffer.add(new Buffered.Mark(created));
        }
    }

    /** Puts in what was read of history, which has now been looked at up to a revision. */
    synchronized void filled(List<Delivery> deliveries, long throughRevision) {
        if (phase == Phase.CATCHING_UP) {
            deliveries.forEach(buffer::add);
            next = throughRevision + 1;
        }
    }

    /** Puts in a page of the snapshot. */
    synchronized void filled(Buffered.Entries entries) {
        if (phase == Phase.SNAPSHOT && !entries.encoded().isEmpty()) {
            buffer.add(entries);
        }
    }

    /** The snapshot is complete: goes on with the changes after it. */
    synchronized void snapshotComplete(long revision) {
        if (phase == Phase.SNAPSHOT) {
            buffer.add(new Buffered.Mark(new WatchOutput.SnapshotComplete(revision)));
            next = revision + 1;
            phase = Phase.CATCHING_UP;
        }
    }

    /** Ends a fill; true if the next one is to be started at once. */
    synchronized boolean endFill() {
        filling = false;
        return startFill();
    }

    private boolean startFill() {
        boolean reads = phase == Phase.SNAPSHOT || phase == Phase.CATCHING_UP;
        boolean room = buffer.deliveries() < hub.options().bufferRevisions() / 2
                && buffer.bytes() < hub.options().pageBytes();
        if (!reads || !room || filling) {
            return false;
        }
        filling = true;
        return true;
    }
}
