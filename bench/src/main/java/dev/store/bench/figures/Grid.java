package dev.store.bench.figures;

import java.util.ArrayList;
import java.util.List;

/** Writes rows of cells for people, as a table that is Markdown too. */
public final class Grid {
    private Grid() {}

    /** The table; the first row is its head. */
    public static String of(List<List<String>> rows) {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (int r = 0; r < rows.size(); r++) {
            text.append(line(rows.get(r), widths));
            if (r == 0) {
                List<String> rule = new ArrayList<>();
                rows.get(0).forEach(name -> rule.add("---"));
                text.append(line(rule, widths));
            }
        }
        return text.toString();
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder("|");
        for (int i = 0; i < widths.length; i++) {
            line.append(' ')
                    .append(cells.get(i))
                    .append(" ".repeat(widths[i] - cells.get(i).length()))
                    .append(" |");
        }
        return line.append('\n').toString();
    }
}
