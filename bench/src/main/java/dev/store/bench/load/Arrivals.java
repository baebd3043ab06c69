package dev.store.bench.load;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Operations that fall due at a steady rate, and the clients that take them.
 *
 * <p>An operation counts from the moment it was due, also if every client was busy then: otherwise a cluster that stalls
 * would be asked less just while it is slow, and the stall would hardly show ("coordinated omission").
 */
final class Arrivals {
    private final double nanosBetween;
    private final long startNanos;
    private final Deque<Integer> idle = new ArrayDeque<>();
    private long taken;

    Arrivals(double perSecond, int clients, long startNanos) {
        this.nanosBetween = 1e9 / perSecond;
        this.startNanos = startNanos;
        for (int i = 0; i < clients; i++) {
            idle.add(i);
        }
    }

    /** An operation for a client. */
    record Due(int client, long dueNanos) {}

    /** The next operation, if it is due and a client is idle; else null. */
    synchronized @org.jspecify.annotations.Nullable Due take(long nowNanos) {
        if (idle.isEmpty() || nextDue() - nowNanos > 0) {
            return null;
        }
        Due due = new Due(idle.remove(), nextDue());
        taken++;
        return due;
    }

    /** The client is idle again. */
    synchronized void ended(int client) {
        idle.add(client);
    }

    /** When the next operation falls due. */
    synchronized long nextDueNanos() {
        return nextDue();
    }

    private long nextDue() {
        return startNanos + (long) (taken * nanosBetween);
    }
}
