package dev.store.bench.load;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Collects how long operations took and how they failed, and is cut into stretches while load goes on. */
public final class Timings {
    private static final long LONGEST_NANOS = 120_000_000_000L;
    private static final int DIGITS = 3;

    private final Recorder operations = new Recorder(1, LONGEST_NANOS, DIGITS);
    private final Recorder events = new Recorder(1, LONGEST_NANOS, DIGITS);
    private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();

    void succeeded(long nanos) {
        operations.recordValue(within(nanos));
    }

    /** An operation, or something else that should not, has failed. */
    public void failed(String code) {
        errors.computeIfAbsent(code, name -> new LongAdder()).increment();
    }

    /** An event of a watch arrived so long after its put began. */
    public void event(long nanos) {
        events.recordValue(within(nanos));
    }

    /** Everything since the last cut. */
    Stretch cut() {
        SortedMap<String, Long> failed = new TreeMap<>();
        errors.forEach((code, count) -> {
            long sum = count.sumThenReset();
            if (sum > 0) {
                failed.put(code, sum);
            }
        });
        return new Stretch(operations.getIntervalHistogram(), events.getIntervalHistogram(), failed);
    }

    private static long within(long nanos) {
        return Math.max(1, Math.min(nanos, LONGEST_NANOS));
    }

    /**
     * What was collected between two cuts.
     *
     * @param operations times of operations in nanoseconds
     * @param events delays of events in nanoseconds
     * @param errors failed operations by code
     */
    record Stretch(Histogram operations, Histogram events, SortedMap<String, Long> errors) {}
}
