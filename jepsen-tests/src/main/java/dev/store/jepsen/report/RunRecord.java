package dev.store.jepsen.report;

import java.util.List;
import java.util.Map;

/**
 * What a run leaves for pages and summaries, {@code outcome.json} in its folder: many runs are shown together without reading
 * their histories again.
 *
 * @param workload its traffic
 * @param fault what was done
 * @param command how to do it again
 * @param status what it shows
 * @param verdicts how many checkers judged it
 * @param undecided how many of them came to no end
 * @param seconds how long all of it took
 * @param parts how long each part of that took, in milliseconds
 * @param reasons why it is not valid
 * @param faults what was done, in words
 * @param figures rates and latencies
 */
public record RunRecord(
        String workload,
        String fault,
        String command,
        String status,
        int verdicts,
        int undecided,
        long seconds,
        Map<String, Long> parts,
        List<String> reasons,
        List<String> faults,
        Figures figures) {
    /** Its name in the folder of a run. */
    public static final String FILE = "outcome.json";

    /** A status: every promise was kept. */
    public static final String VALID = "VALID";
    /** A status: a promise was broken. */
    public static final String VIOLATION = "VIOLATION";
    /** A status: the run shows nothing. */
    public static final String INVALID = "INVALID_RUN";

    public RunRecord {
        reasons = List.copyOf(reasons);
        faults = List.copyOf(faults);
    }

    /** Whether it shows anything; what the others did counts for nothing. */
    public boolean judged() {
        return !status.equals(INVALID);
    }
}
