package dev.store.bench.load;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Times the grants of locks as events: alone, from the question; on a lock that all want, from the moment at which the
 * holder before began to give it back.
 */
public final class HandOver {
    private final Timings timings;
    private final boolean contended;
    private final AtomicLong lastGivenBack = new AtomicLong(Long.MIN_VALUE);

    /** Times grants of a lock that all clients want, or of one lock for each. */
    public HandOver(Timings timings, boolean contended) {
        this.timings = timings;
        this.contended = contended;
    }

    /** A client that asked at this moment holds the lock now. */
    public void held(long askedNanos) {
        long free = contended ? Math.max(lastGivenBack.get(), askedNanos) : askedNanos;
        timings.event(System.nanoTime() - free);
    }

    /** The holder is about to give the lock back. */
    public void givingBack() {
        lastGivenBack.set(System.nanoTime());
    }
}
