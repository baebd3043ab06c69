package dev.store.server.configuration;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.patch.AbstractDelta;
import com.github.difflib.patch.Patch;
import java.util.Arrays;
import java.util.List;

/**
 * The difference of two contents, line by line.
 *
 * @param unified in unified format, empty if the contents are equal
 * @param added lines that only the newer one has
 * @param removed lines that only the older one has
 */
record LineDiff(String unified, int added, int removed) {
    private static final String NO_END = "\\ No newline at end of file";
    /** Past this many lines the work of comparing could grow without bound. */
    private static final int MAX_LINES = 20_000;

    static LineDiff of(String fromName, String from, String toName, String to, int context) {
        if (from.equals(to)) {
            return new LineDiff("", 0, 0);
        }
        List<String> before = lines(from);
        List<String> after = lines(to);
        if (before.size() + after.size() > MAX_LINES) {
            return new LineDiff(
                    "--- " + fromName + "\n+++ " + toName + "\n@@ more than " + MAX_LINES + " lines, not compared @@\n",
                    after.size(),
                    before.size());
        }
        Patch<String> patch = DiffUtils.diff(before, after);
        int added = 0;
        int removed = 0;
        for (AbstractDelta<String> delta : patch.getDeltas()) {
            added += count(delta.getTarget().getLines());
            removed += count(delta.getSource().getLines());
        }
        List<String> unified = UnifiedDiffUtils.generateUnifiedDiff(fromName, toName, before, patch, context);
        StringBuilder text = new StringBuilder();
        for (String line : unified) {
            // As diff writes it: not a line of either side.
            text.append(
                            line.regionMatches(1, NO_END, 0, NO_END.length()) && line.length() == NO_END.length() + 1
                                    ? NO_END
                                    : line)
                    .append('\n');
        }
        return new LineDiff(text.toString(), added, removed);
    }

    private static int count(List<String> lines) {
        return (int) lines.stream().filter(line -> !line.equals(NO_END)).count();
    }

    private static List<String> lines(String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        if (text.endsWith("\n")) {
            return Arrays.asList(text.substring(0, text.length() - 1).split("\n", -1));
        }
        // As in a diff of files, so that a missing last line feed is a difference that can be seen.
        return Arrays.asList((text + "\n" + NO_END).split("\n", -1));
    }
}
