package dev.store.cli.command;

/** Tells numbers that surely can be read. */
final class FastNumbers {
    private static final int DIGITS_MAX = 18;

    private FastNumbers() {}

    /** Whether the text is 1 to 18 decimal digits. */
    static boolean isLong(String text) {
        if (text.isEmpty() || text.length() > DIGITS_MAX) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
