package dev.store.jepsen.run;

import dev.store.jepsen.check.Verdict;
import dev.store.jepsen.report.Figures;
import dev.store.jepsen.report.RunRecord;
import java.util.List;
import java.util.Map;

/**
 * How a run ended.
 *
 * @param cell what was to be done
 * @param status what that shows
 * @param reasons why it is not valid, in words
 * @param verdicts of all checkers
 * @param faults what was done to the cluster, in words
 * @param figures rates and latencies
 * @param seconds how long all of it took
 * @param parts how long each part of that took, in milliseconds
 */
public record Outcome(
        Cell cell,
        Status status,
        List<String> reasons,
        List<Verdict> verdicts,
        List<String> faults,
        Figures figures,
        long seconds,
        Map<String, Long> parts) {
    public Outcome {
        reasons = List.copyOf(reasons);
        verdicts = List.copyOf(verdicts);
        faults = List.copyOf(faults);
    }

    /** What a run shows. */
    public enum Status {
        /** Every promise was kept, under faults that bit and traffic that was dense enough to tell. */
        VALID(0),
        /** A promise was broken. */
        VIOLATION(1),
        /** Nothing: a fault did not bite, traffic was too thin, or a checker came to no end. */
        INVALID_RUN(3);

        private final int exitCode;

        Status(int exitCode) {
            this.exitCode = exitCode;
        }

        /** Exit code of the command. */
        public int exitCode() {
            return exitCode;
        }
    }

    /** What is kept of it beside its history. */
    public RunRecord toRecord() {
        return new RunRecord(
                cell.workload().word(),
                cell.faults().word(),
                cell.toString(),
                status.name(),
                verdicts.size(),
                (int) verdicts.stream()
                        .filter(verdict -> verdict.status() == Verdict.Status.UNKNOWN)
                        .count(),
                seconds,
                parts,
                reasons,
                faults,
                figures);
    }

    /** One line about it. */
    public String summary() {
        return String.format(
                "%-9s x %-11s %-11s %6d operations, %5d unknown, %2d faults, longest silence %d s, %d s in all%s",
                cell.workload().word(),
                cell.faults().word(),
                status,
                figures.ok(),
                figures.unknown(),
                figures.bites(),
                figures.longestSilence(),
                seconds,
                reasons.isEmpty() ? "" : "\n  " + String.join("\n  ", reasons));
    }
}
