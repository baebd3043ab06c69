package dev.store.cli.print;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the screen.
 *
 * <p>{@code bin/store} finds it out and tells it in the environment: what the JVM itself offers differs between its
 * versions and is slow.
 *
 * @param out whether standard output is a terminal
 * @param err whether standard error is one
 * @param columns width of the terminal; lines are cut to it only where standard output is a terminal
 * @param colours whether to use colours on standard output
 */
public record Terminal(boolean out, boolean err, int columns, boolean colours) {
    private static final int COLUMNS_DEFAULT = 80;
    private static final int COLUMNS_MIN = 40;

    /** Reads {@code STORE_TTY} (which of {@code out,err} are terminals), {@code STORE_COLUMNS}, {@code NO_COLOR}. */
    public static Terminal of(Map<String, String> environment) {
        String tty = environment.getOrDefault("STORE_TTY", "");
        boolean out = tty.contains("out");
        String noColor = environment.getOrDefault("NO_COLOR", "");
        boolean colours = out && noColor.isEmpty() && !"dumb".equals(environment.get("TERM"));
        return new Terminal(out, tty.contains("err"), columns(environment.get("STORE_COLUMNS")), colours);
    }

    private static int columns(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return COLUMNS_DEFAULT;
        }
        try {
            return Math.max(COLUMNS_MIN, Integer.parseInt(text));
        } catch (NumberFormatException e) {
            return COLUMNS_DEFAULT;
        }
    }
}
