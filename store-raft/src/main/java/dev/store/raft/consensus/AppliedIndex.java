package dev.store.raft.consensus;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far this member has applied, and who waits for more. */
final class AppliedIndex {
    private record Waiter(long target, CompletableFuture<Void> future) {}

    private static final Logger LOG = LoggerFactory.getLogger(AppliedIndex.class);
    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ScheduledExecutorService timer;
    private final Executor replies;
    private final Object lock = new Object();
    private final PriorityQueue<Waiter> byIndex = new PriorityQueue<>(Comparator.comparingLong(Waiter::target));
    private final PriorityQueue<Waiter> byRevision = new PriorityQueue<>(Comparator.comparingLong(Waiter::target));
    /** When it was last told that readers wait in vain; guarded by the lock. */
    private long toldAt = System.nanoTime() - TELL_NANOS;

    private volatile long index = -1;
    private volatile long revision;

    AppliedIndex(ScheduledExecutorService timer, Executor replies) {
        this.timer = timer;
        this.replies = replies;
    }

    long index() {
        return index;
    }

    long revision() {
        return revision;
    }

    /** Called on the apply thread after the state became visible. */
    void advance(long newIndex, long newRevision) {
        List<Waiter> reached = new ArrayList<>();
        synchronized (lock) {
            index = newIndex;
            revision = newRevision;
            drain(byIndex, newIndex, reached);
            drain(byRevision, newRevision, reached);
        }
        if (!reached.isEmpty()) {
            replies.execute(() -> reached.forEach(waiter -> waiter.future().complete(null)));
        }
    }

    /** Completes when the index is applied; fails with {@code NOT_READY} after the timeout. */
    CompletableFuture<Void> awaitIndex(long wanted, Duration timeout) {
        return index >= wanted
                ? CompletableFuture.completedFuture(null)
                : await(
                        byIndex,
                        wanted,
                        timeout,
                        () -> new StoreException(
                                ErrorCode.NOT_READY,
                                "applied index: " + index + " (expected: at least " + wanted + " within "
                                        + timeout.toMillis() + " ms); this member is catching up"));
    }

    /** Completes when the revision is reached; fails with {@code REVISION_NOT_REACHED} after the timeout. */
    CompletableFuture<Void> awaitRevision(long wanted, Duration timeout) {
        return revision >= wanted
                ? CompletableFuture.completedFuture(null)
                : await(
                        byRevision,
                        wanted,
                        timeout,
                        () -> new StoreException(
                                ErrorCode.REVISION_NOT_REACHED,
                                "revision: " + revision + " (expected: at least " + wanted + " within "
                                        + timeout.toMillis() + " ms)",
                                Map.of(
                                        "current_revision",
                                        Long.toString(revision),
                                        "wanted_revision",
                                        Long.toString(wanted)),
                                null));
    }

    private CompletableFuture<Void> await(
            PriorityQueue<Waiter> queue, long target, Duration timeout, Supplier<StoreException> error) {
        Waiter waiter = new Waiter(target, new CompletableFuture<>());
        synchronized (lock) {
            if ((queue == byIndex ? index : revision) >= target) {
                return CompletableFuture.completedFuture(null);
            }
            queue.add(waiter);
        }
        ScheduledFuture<?> expiry = timer.schedule(
                () -> {
                    boolean told;
                    synchronized (lock) {
                        queue.remove(waiter);
                        told = queue == byIndex && mayTell();
                    }
                    if (told) {
                        LOG.warn(
                                "reads fail, as this member is catching up: applied={} needed={} waited={}ms",
                                index,
                                target,
                                timeout.toMillis());
                    }
                    replies.execute(() -> waiter.future().completeExceptionally(error.get()));
                },
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
        var unused = waiter.future().whenComplete((ok, failure) -> expiry.cancel(false));
        return waiter.future();
    }

    /** Of many that wait in vain, one in a second is told; called with the lock. */
    private boolean mayTell() {
        long now = System.nanoTime();
        if (now - toldAt < TELL_NANOS) {
            return false;
        }
        toldAt = now;
        return true;
    }

    /** Nothing is applied any more. */
    void close() {
        List<Waiter> left = new ArrayList<>();
        synchronized (lock) {
            drain(byIndex, Long.MAX_VALUE, left);
            drain(byRevision, Long.MAX_VALUE, left);
        }
        StoreException error = new StoreException(ErrorCode.NOT_READY, "this member is stopping");
        replies.execute(() -> left.forEach(waiter -> waiter.future().completeExceptionally(error)));
    }

    private static void drain(PriorityQueue<Waiter> queue, long reached, List<Waiter> out) {
        while (!queue.isEmpty() && queue.element().target() <= reached) {
            out.add(queue.remove());
        }
    }
}
