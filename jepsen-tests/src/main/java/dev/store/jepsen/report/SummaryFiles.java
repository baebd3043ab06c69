package dev.store.jepsen.report;

import dev.store.jepsen.nemesis.Recovery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** A summary as {@code summary.md} for people, and as {@code summary.json} for programs. */
public final class SummaryFiles {
    private SummaryFiles() {}

    /** Writes both into a folder. */
    public static void write(Summary summary, Path folder) {
        JsonFile.write(folder.resolve("summary.json"), summary);
        Path file = folder.resolve("summary.md");
        try {
            Files.writeString(file, markdown(summary));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    static String markdown(Summary summary) {
        StringBuilder text = new StringBuilder("# Store under faults\n\n| what | how many |\n|---|--:|\n");
        line(text, "histories", summary.histories());
        line(text, "operations answered", summary.answered());
        line(text, "operations refused", summary.refused());
        line(text, "operations of unknown outcome", summary.unknown());
        line(text, "faults that bit", summary.bites());
        line(text, "violations", summary.violations());
        line(text, "invalid runs", summary.invalid());
        line(text, "of them undecided by a checker", summary.undecided());
        line(text, "invalid runs that were done again", summary.repeated());
        line(text, "longest silence, s", summary.longestSilenceSeconds());
        failovers(summary, text);
        recoveries(summary, text);
        text.append("\n## Faults that bit\n\n| fault | times |\n|---|--:|\n");
        summary.faults().forEach((fault, times) -> line(text, "`" + fault + "`", times));
        rows(summary, text);
        return text.toString();
    }

    private static void failovers(Summary summary, StringBuilder text) {
        if (summary.failovers().isEmpty()) {
            return;
        }
        text.append("\n## Time until the next write was acknowledged\n\n");
        text.append("| fault | times | median, s | p99, s | most, s | no write after |\n|---|--:|--:|--:|--:|--:|\n");
        for (FailoverTimes times : summary.failovers()) {
            text.append(String.format(
                    Locale.ROOT,
                    "| `%s` | %d | %.2f | %.2f | %.2f | %d |%n",
                    times.fault(),
                    times.count(),
                    times.medianSeconds(),
                    times.p99Seconds(),
                    times.maxSeconds(),
                    times.without()));
        }
    }

    private static void recoveries(Summary summary, StringBuilder text) {
        if (summary.recoveries().isEmpty()) {
            return;
        }
        text.append("\n## How damaged nodes came back\n\n| damage | by itself | stopped, was replaced |");
        text.append(" served but could not read all, was replaced |\n|---|--:|--:|--:|\n");
        summary.recoveries()
                .forEach((fault, ways) -> text.append(String.format(
                        Locale.ROOT,
                        "| %s | %d | %d | %d |%n",
                        fault,
                        many(ways, Recovery.BY_ITSELF),
                        many(ways, Recovery.STOPPED),
                        many(ways, Recovery.UNREADABLE))));
    }

    private static void rows(Summary summary, StringBuilder text) {
        text.append(
                "\n## Cells\n\n| workload | fault | runs | operations | unknown | faults | longest silence, s | verdict |");
        text.append("\n|---|---|--:|--:|--:|--:|--:|---|\n");
        for (Summary.Row row : summary.rows()) {
            text.append(String.format(
                    Locale.ROOT,
                    "| `%s` | `%s` | %d | %,d | %,d | %d | %d | %s |%n",
                    row.workload(),
                    row.fault(),
                    row.runs(),
                    row.answered(),
                    row.unknown(),
                    row.bites(),
                    row.longestSilenceSeconds(),
                    row.verdict()));
        }
    }

    private static long many(Map<Recovery, Long> ways, Recovery recovery) {
        return ways.getOrDefault(recovery, 0L);
    }

    private static void line(StringBuilder text, String what, long many) {
        text.append(String.format(Locale.ROOT, "| %s | %,d |%n", what, many));
    }
}
