package dev.store.jepsen.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The failovers after one kind of fault.
 *
 * @param fault which
 * @param count how many were measured
 * @param without after how many no write was acknowledged any more; they are in none of the times
 * @param medianSeconds what half of them did not exceed
 * @param p99Seconds what 99 of 100 did not exceed
 * @param maxSeconds the longest
 */
public record FailoverTimes(
        String fault, int count, int without, double medianSeconds, double p99Seconds, double maxSeconds) {
    /** Those of runs that show something, by fault. */
    static List<FailoverTimes> of(List<RunRecord> runs) {
        List<FailoverTimes> rows = new ArrayList<>();
        for (String fault : Failover.FAULTS) {
            List<Failover> all = runs.stream()
                    .filter(RunRecord::judged)
                    .flatMap(run -> run.figures().failovers().stream())
                    .filter(failover -> failover.fault().equals(fault))
                    .toList();
            double[] sorted = all.stream()
                    .map(Failover::seconds)
                    .filter(Objects::nonNull)
                    .mapToDouble(Double::doubleValue)
                    .sorted()
                    .toArray();
            if (!all.isEmpty()) {
                rows.add(new FailoverTimes(
                        fault,
                        sorted.length,
                        all.size() - sorted.length,
                        Figures.quantile(sorted, 0.5),
                        Figures.quantile(sorted, 0.99),
                        Figures.quantile(sorted, 1)));
            }
        }
        return rows;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: median %.2f s, p99 %.2f s, most %.2f s of %d%s",
                fault,
                medianSeconds,
                p99Seconds,
                maxSeconds,
                count,
                without == 0 ? "" : ", and no write at all after " + without);
    }
}
