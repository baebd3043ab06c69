package dev.store.server.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Finds what somebody probably meant. */
final class Suggestion {
    private Suggestion() {}

    /** A sentence that names the nearest candidate, or says nothing if none is near. */
    static String forName(String unknown, Collection<String> candidates) {
        String wanted = unknown.toLowerCase(Locale.ROOT);
        return candidates.stream()
                .filter(candidate -> score(wanted, candidate) <= Math.max(2, wanted.length() / 3))
                .min(Comparator.comparingInt(candidate -> score(wanted, candidate)))
                .map(candidate -> "; did you mean " + candidate + "?")
                .orElse("");
    }

    private static int score(String wanted, String candidate) {
        String plain = candidate.toLowerCase(Locale.ROOT);
        String lastPart = plain.substring(plain.lastIndexOf('.') + 1);
        // "names" for "node.name": a forgotten section counts as one mistake.
        return Math.min(distance(wanted, plain), 1 + distance(wanted, lastPart));
    }

    /** Levenshtein distance: insertions, deletions and replacements that make one text of the other. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
