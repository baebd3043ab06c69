package dev.store.server.discovery;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Bounds how often a mere change of what a check says is written: outputs often hold times or counters, and would turn
 * each look at an instance into a log entry. A new status is always written.
 */
final class OutputRate {
    private static final long INTERVAL_NANOS = Duration.ofSeconds(30).toNanos();
    private static final int REMEMBERED = 10_000;

    private final LongSupplier nanoClock;
    private final Map<CheckId, Long> writtenNanos = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<CheckId, Long> eldest) {
            return size() > REMEMBERED;
        }
    };

    OutputRate(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Whether a new output may be written now; if so, it counts as written. */
    synchronized boolean mayWrite(CheckId check) {
        long now = nanoClock.getAsLong();
        Long last = writtenNanos.get(check);
        if (last != null && now - last < INTERVAL_NANOS) {
            return false;
        }
        writtenNanos.remove(check);
        writtenNanos.put(check, now);
        return true;
    }
}
