package dev.store.jepsen.report;

import dev.store.jepsen.nemesis.Recovery;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What many runs have shown together. Operations and faults are those of runs that were judged, since what the others did
 * shows nothing.
 *
 * @param histories runs
 * @param violations of them those that broke a promise
 * @param invalid of them those that show nothing
 * @param undecided of the latter those of which a checker came to no end
 * @param repeated further runs that showed nothing and were done again
 * @param answered operations that were answered
 * @param refused operations that were refused
 * @param unknown operations whose outcome is not known
 * @param bites faults that bit
 * @param faults faults that bit, by name
 * @param longestSilenceSeconds the longest time without any answer
 * @param rows by workload and fault
 * @param failovers how long no write got through, by fault
 * @param recoveries how nodes came back whose files were damaged, by fault
 */
public record Summary(
        int histories,
        int violations,
        int invalid,
        int undecided,
        int repeated,
        long answered,
        long refused,
        long unknown,
        long bites,
        Map<String, Long> faults,
        int longestSilenceSeconds,
        List<Row> rows,
        List<FailoverTimes> failovers,
        Map<String, Map<Recovery, Long>> recoveries) {
    /** What damage is called that is noticed only after the fault is over. */
    private static final String LATER = "noticed later";

    /**
     * The runs of one workload under one fault.
     *
     * @param workload which
     * @param fault which
     * @param runs how many
     * @param answered operations that were answered
     * @param unknown operations whose outcome is not known
     * @param bites faults that bit
     * @param longestSilenceSeconds the longest time without any answer
     * @param verdict the worst status of them
     */
    public record Row(
            String workload,
            String fault,
            int runs,
            long answered,
            long unknown,
            long bites,
            int longestSilenceSeconds,
            String verdict) {}

    /**
     * The summary of runs.
     *
     * @param repeated how many runs showed nothing and were done again
     */
    public static Summary of(List<RunRecord> runs, int repeated) {
        List<RunRecord> judged = runs.stream().filter(RunRecord::judged).toList();
        Map<String, Long> faults = new TreeMap<>();
        Map<String, Map<Recovery, Long>> recoveries = new TreeMap<>();
        for (RunRecord run : judged) {
            run.figures().strikes().stream()
                    .filter(Figures.Strike::bit)
                    .forEach(strike -> faults.merge(strike.name(), 1L, Long::sum));
            run.faults().forEach(line -> count(line, recoveries));
        }
        return new Summary(
                runs.size(),
                with(runs, RunRecord.VIOLATION),
                with(runs, RunRecord.INVALID),
                (int) runs.stream()
                        .filter(run -> !run.judged() && run.undecided() > 0)
                        .count(),
                repeated,
                judged.stream().mapToLong(run -> run.figures().ok()).sum(),
                judged.stream().mapToLong(run -> run.figures().failed()).sum(),
                judged.stream().mapToLong(run -> run.figures().unknown()).sum(),
                judged.stream().mapToLong(run -> run.figures().bites()).sum(),
                faults,
                longestSilence(judged),
                rows(runs),
                FailoverTimes.of(runs),
                recoveries);
    }

    /** Some lines about it. */
    public String totals() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%,d histories: %,d operations answered, %,d refused, %,d of unknown outcome; %,d faults that bit; "
                        + "longest silence %d s%n%d violations, %d invalid runs (%d of them undecided), %d done again",
                histories,
                answered,
                refused,
                unknown,
                bites,
                longestSilenceSeconds,
                violations,
                invalid,
                undecided,
                repeated));
        failovers.forEach(times -> text.append("\nno write after ").append(times));
        recoveries.forEach((fault, ways) ->
                text.append("\nback after ").append(fault).append(": ").append(ways));
        return text.toString();
    }

    private static int with(List<RunRecord> runs, String status) {
        return (int) runs.stream().filter(run -> run.status().equals(status)).count();
    }

    private static int longestSilence(List<RunRecord> runs) {
        return runs.stream()
                .mapToInt(run -> run.figures().longestSilence())
                .max()
                .orElse(0);
    }

    private static List<Row> rows(List<RunRecord> runs) {
        Map<String, List<RunRecord>> byPair = new LinkedHashMap<>();
        for (RunRecord run : runs) {
            byPair.computeIfAbsent(run.workload() + " " + run.fault(), pair -> new ArrayList<>())
                    .add(run);
        }
        List<Row> rows = new ArrayList<>();
        for (List<RunRecord> some : byPair.values()) {
            RunRecord first = some.get(0);
            List<RunRecord> judged = some.stream().filter(RunRecord::judged).toList();
            rows.add(new Row(
                    first.workload(),
                    first.fault(),
                    some.size(),
                    judged.stream().mapToLong(run -> run.figures().ok()).sum(),
                    judged.stream().mapToLong(run -> run.figures().unknown()).sum(),
                    judged.stream().mapToLong(run -> run.figures().bites()).sum(),
                    longestSilence(judged),
                    worst(some)));
        }
        return rows;
    }

    private static String worst(List<RunRecord> runs) {
        if (with(runs, RunRecord.VIOLATION) > 0) {
            return RunRecord.VIOLATION;
        }
        return with(runs, RunRecord.INVALID) > 0 ? RunRecord.INVALID : RunRecord.VALID;
    }

    /** A line is "flip-bytes: …" for a fault, and "n1 had stopped by itself: …" for what came of one. */
    private static void count(String line, Map<String, Map<Recovery, Long>> recoveries) {
        Recovery.in(line).ifPresent(recovery -> {
            String before = line.substring(0, Math.max(0, line.indexOf(':')));
            String fault = before.contains(" ") ? LATER : before;
            recoveries
                    .computeIfAbsent(fault, name -> new EnumMap<>(Recovery.class))
                    .merge(recovery, 1L, Long::sum);
        });
    }
}
