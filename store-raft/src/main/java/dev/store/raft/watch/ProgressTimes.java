package dev.store.raft.watch;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;

/**
 * When which watcher has been idle for long enough to be sent progress. Belongs to the dispatcher.
 *
 * <p>A watcher has one place in the queue, whatever it receives; whether it was idle is looked up when its time comes.
 */
final class ProgressTimes {
    private static final long COARSEST_NANOS = Duration.ofMillis(10).toNanos();

    private final PriorityQueue<Due> queue = new PriorityQueue<>(Comparator.comparingLong(Due::atNanos));
    private final LongSupplier nanoClock;
    private final WatchTimer timer;
    private final Runnable onTime;
    private final long originNanos;
    private long armedNanos = Long.MAX_VALUE;

    /** @param onTime is scheduled when {@link #run} has something to do */
    ProgressTimes(LongSupplier nanoClock, WatchTimer timer, Runnable onTime) {
        this.nanoClock = nanoClock;
        this.timer = timer;
        this.onTime = onTime;
        this.originNanos = nanoClock.getAsLong();
    }

    /** Time since the start: unlike the clock itself it never wraps, so that times can be compared. */
    long now() {
        return nanoClock.getAsLong() - originNanos;
    }

    void add(HubWatcher watcher) {
        if (!watcher.spec().progressInterval().isZero()) {
            queue.add(new Due(now() + watcher.spec().progressInterval().toNanos(), watcher));
            arm();
        }
    }

    /** Sends progress to the watchers that were idle. */
    void run(long dispatchedRevision, Wake wake) {
        armedNanos = Long.MAX_VALUE;
        long now = now();
        while (!queue.isEmpty() && queue.peek().atNanos() <= now) {
            HubWatcher watcher = queue.remove().watcher();
            if (watcher.phase() == HubWatcher.Phase.ENDED) {
                continue;
            }
            long interval = watcher.spec().progressInterval().toNanos();
            long quietSince = watcher.lastOfferNanos;
            if (now - quietSince >= interval) {
                watcher.offerProgress(dispatchedRevision, false);
                wake.wake(watcher);
                quietSince = now;
            }
            queue.add(new Due(quietSince + interval, watcher));
        }
        arm();
    }

    private void arm() {
        if (queue.isEmpty()) {
            return;
        }
        long at = queue.peek().atNanos();
        if (at < armedNanos) {
            armedNanos = at;
            timer.schedule(onTime, Duration.ofNanos(Math.max(COARSEST_NANOS, at - now())));
        }
    }

    /** Wakes the consumer of a watcher. */
    interface Wake {
        void wake(HubWatcher watcher);
    }

    private record Due(long atNanos, HubWatcher watcher) {}
}
