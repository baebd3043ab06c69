package dev.store.server.config;

import java.util.List;
import java.util.Locale;

/**
 * What is logged.
 *
 * @param level error, warn, info, debug or trace
 */
public record LogConfig(String level) {
    private static final List<String> LEVELS = List.of("error", "warn", "info", "debug", "trace");

    public LogConfig {
        level = level.toLowerCase(Locale.ROOT);
        Problems problems = new Problems();
        problems.check(LEVELS.contains(level), "log.level", "\"" + level + "\"", String.join(", ", LEVELS));
        problems.throwIfAny();
    }
}
