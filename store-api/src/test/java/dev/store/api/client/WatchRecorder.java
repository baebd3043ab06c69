package dev.store.api.client;

import dev.store.api.error.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Writes down what a watch tells, and checks what must always hold. */
final class WatchRecorder implements WatchListener {
    final List<String> told = new ArrayList<>();
    /** Values of the entries of the last snapshot. */
    final List<String> snapshot = new ArrayList<>();
    /** Values of the events since the start or the last snapshot. */
    final List<String> events = new ArrayList<>();

    int snapshotsStarted;
    int interruptions;
    long revision;
    long snapshotRevision;
    boolean closed;

    @Nullable
    StoreException cause;

    private boolean inSnapshot;
    private boolean partial;

    private synchronized void tell(String what) {
        check(!closed, "nothing follows the end, but: " + what);
        told.add(what);
        notifyAll();
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    @Override
    public synchronized void onEvents(WatchEvents batch) {
        check(!inSnapshot, "no events within a snapshot");
        for (WatchEvent event : batch.events()) {
            check(event.revision() > revision || (partial && event.revision() == revision), "ordered: " + event);
            check(event.revision() <= batch.revision(), "batch: " + batch);
            events.add(event.entry().utf8());
        }
        check(batch.revision() >= revision, "revision only rises");
        revision = batch.revision();
        partial = !batch.complete();
        tell("events " + revision);
    }

    @Override
    public synchronized void onCreated(long startRevision) {
        check(told.stream().allMatch(t -> t.startsWith("interrupted")), "created comes first");
        tell("created " + startRevision);
    }

    @Override
    public synchronized void onSnapshotStarted() {
        snapshotsStarted++;
        inSnapshot = true;
        snapshot.clear();
        events.clear();
        revision = 0;
        partial = false;
        tell("snapshot");
    }

    @Override
    public synchronized void onSnapshotEntries(List<Entry> entries) {
        check(inSnapshot, "entries only within a snapshot");
        for (Entry entry : entries) {
            snapshot.add(entry.utf8());
        }
        tell("entries");
    }

    @Override
    public synchronized void onSnapshotComplete(long complete) {
        check(inSnapshot, "complete once");
        inSnapshot = false;
        revision = complete;
        snapshotRevision = complete;
        tell("complete " + complete);
    }

    @Override
    public synchronized void onProgress(long reached) {
        check(!partial && reached >= revision, "progress " + reached + " after " + revision);
        revision = reached;
        tell("progress " + reached);
    }

    @Override
    public synchronized void onInterrupted(StoreException failure) {
        interruptions++;
        tell("interrupted");
    }

    @Override
    public synchronized void onClosed(@Nullable StoreException failure) {
        tell("closed");
        closed = true;
        cause = failure;
        notifyAll();
    }

    /** Waits until this holds, at most 20 s. */
    synchronized void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("revision " + revision + ", closed " + closed + " " + cause + ", told "
                        + told.subList(Math.max(0, told.size() - 20), told.size()));
            }
            wait(left);
        }
    }

    void awaitRevision(long wanted) throws InterruptedException {
        await(() -> revision >= wanted && !partial && !inSnapshot);
    }
}
