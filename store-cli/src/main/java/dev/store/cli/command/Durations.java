package dev.store.cli.command;

/** Lengths of time as users type them. */
final class Durations {
    private Durations() {}

    /**
     * Milliseconds of a number with a unit: {@code 500ms}, {@code 5s}, {@code 2m}, {@code 1h}, {@code 7d}. A number
     * without a unit counts seconds.
     *
     * @param name what is being read, for the message
     */
    static long parseMillis(String name, String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        long unit =
                switch (text.substring(digits)) {
                    case "ms" -> 1;
                    case "", "s" -> 1_000;
                    case "m" -> 60_000;
                    case "h" -> 3_600_000;
                    case "d" -> 86_400_000;
                    default -> 0;
                };
        // 12 digits: no product of these overflows.
        if (digits == 0 || digits > 12 || unit == 0) {
            throw new IllegalArgumentException(
                    name + ": \"" + text + "\" (expected: a number with a unit, as in 500ms, 5s, 2m, 1h or 7d)");
        }
        return Long.parseLong(text.substring(0, digits)) * unit;
    }
}
