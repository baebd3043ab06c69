package dev.store.cli.print;

import java.util.ArrayList;
import java.util.List;

/** Rows under headings, in columns as wide as they need to be; one column gives way where the screen is too narrow. */
public final class Table {
    private static final int GAP = 3;
    private static final int SHRUNK_MIN = 8;

    private final String[] headings;
    private final int flexible;
    private final int[] widths;
    private final List<String[]> rows = new ArrayList<>();

    /**
     * @param flexible number of the column that is cut where a row does not fit; the first is 0
     * @param headings one for each column
     */
    public Table(int flexible, String... headings) {
        this.flexible = flexible;
        this.headings = headings.clone();
        this.widths = new int[headings.length];
    }

    /** Adds a row of as many cells as there are headings. */
    public Table row(String... cells) {
        if (cells.length != headings.length) {
            throw new IllegalArgumentException("cells: " + cells.length + " (expected: " + headings.length + ")");
        }
        rows.add(cells.clone());
        return this;
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** Forgets the rows but not the widths of the columns, so that what is printed next stays below what was. */
    public void nextPage() {
        rows.clear();
    }

    /**
     * The table as lines.
     *
     * @param columns width to cut rows to; 0 cuts nothing
     */
    public String render(int columns, boolean withHeadings) {
        for (int c = 0; c < headings.length; c++) {
            widths[c] = Math.max(widths[c], withHeadings ? headings[c].length() : 0);
            for (String[] row : rows) {
                widths[c] = Math.max(widths[c], width(row[c]));
            }
        }
        if (columns > 0) {
            int total = GAP * (headings.length - 1);
            for (int width : widths) {
                total += width;
            }
            if (total > columns) {
                widths[flexible] =
                        Math.max(Math.min(SHRUNK_MIN, widths[flexible]), widths[flexible] - (total - columns));
            }
        }
        StringBuilder text = new StringBuilder();
        if (withHeadings) {
            line(text, headings, widths);
        }
        for (String[] row : rows) {
            line(text, row, widths);
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String[] cells, int[] widths) {
        for (int c = 0; c < cells.length; c++) {
            String cell = cut(cells[c], widths[c]);
            text.append(cell);
            if (c < cells.length - 1) {
                for (int i = width(cell); i < widths[c] + GAP; i++) {
                    text.append(' ');
                }
            }
        }
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        text.setLength(end);
        text.append('\n');
    }

    private static String cut(String cell, int width) {
        if (width(cell) <= width) {
            return cell;
        }
        return cell.substring(0, cell.offsetByCodePoints(0, width - 1)) + "…";
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
