package dev.store.bench.compare;

import java.util.List;
import java.util.Locale;

/**
 * The middle of some numbers, and how far they lie apart.
 *
 * @param median the one in the middle, or the mean of the two there
 */
record Spread(double median, double min, double max) {
    /** Of at least one number. */
    static Spread of(List<Double> numbers) {
        if (numbers.isEmpty()) {
            throw new IllegalArgumentException("no numbers (expected: at least one)");
        }
        List<Double> sorted = numbers.stream().sorted().toList();
        int count = sorted.size();
        return new Spread(
                (sorted.get((count - 1) / 2) + sorted.get(count / 2)) / 2, sorted.get(0), sorted.get(count - 1));
    }

    /** As a factor, with the spread where there is one. */
    String asFactor() {
        return min == max
                ? String.format(Locale.ROOT, "%s×", shorten(median))
                : String.format(Locale.ROOT, "%s× (%s–%s)", shorten(median), shorten(min), shorten(max));
    }

    /** A number with about three digits. */
    static String shorten(double number) {
        if (number >= 100) {
            return String.format(Locale.ROOT, "%,.0f", number);
        }
        return String.format(Locale.ROOT, number >= 10 ? "%.1f" : "%.2f", number);
    }
}
