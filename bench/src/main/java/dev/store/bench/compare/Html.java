package dev.store.bench.compare;

import java.util.List;

/** Pieces of a page. */
final class Html {
    private Html() {}

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;")
                .replace("\"", "&quot;");
    }

    /** A table; the first row is its head. */
    static String table(List<List<String>> rows) {
        StringBuilder table = new StringBuilder("<table>");
        for (int r = 0; r < rows.size(); r++) {
            String cell = r == 0 ? "th" : "td";
            table.append("<tr>");
            for (String text : rows.get(r)) {
                table.append('<')
                        .append(cell)
                        .append('>')
                        .append(escape(text))
                        .append("</")
                        .append(cell)
                        .append('>');
            }
            table.append("</tr>\n");
        }
        return table.append("</table>\n").toString();
    }
}
