package dev.store.jepsen.cluster;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for what a cluster is about to do, with a deadline; the one place of the rig that polls. */
public final class Await {
    /**
     * How long is waited for what comes within seconds on a quiet machine. It costs nothing when all is well, and a machine
     * that is busy with something else must not look like a defect.
     */
    public static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private Await() {}

    /**
     * Asks until there is an answer.
     *
     * @param what what is waited for, for the message
     * @param probe the question; what it throws means "not yet", except for a RigException, which ends the waiting
     * @throws RigException at the deadline, with the last reason
     */
    public static <T> T answer(Duration limit, String what, Supplier<Optional<T>> probe) {
        long deadline = System.nanoTime() + limit.toNanos();
        RuntimeException last = null;
        do {
            try {
                Optional<T> found = probe.get();
                if (found.isPresent()) {
                    return found.get();
                }
                last = null;
            } catch (RigException e) {
                throw e;
            } catch (RuntimeException e) {
                last = e;
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new RigException("interrupted while waiting for " + what, last);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        } while (System.nanoTime() < deadline);
        throw new RigException(what + " did not come within " + limit + (last == null ? "" : ": " + last), last);
    }

    /** Lets time pass, for what is measured in time: how long a fault lasts, how far apart calls are. */
    public static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
            LockSupport.parkNanos(left);
        }
    }

    /** Asks until it holds. */
    public static void until(Duration limit, String what, Supplier<Boolean> probe) {
        answer(limit, what, () -> probe.get() ? Optional.of(true) : Optional.empty());
    }
}
