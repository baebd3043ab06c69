package dev.store.server.config;

import java.time.Duration;

/**
 * How much history is kept.
 *
 * @param keepTime age past which versions are forgotten; zero for never
 * @param keepRevisions distance in revisions past which versions are forgotten; 0 for no bound
 * @param checkInterval how often this is looked at
 */
public record HistoryConfig(Duration keepTime, long keepRevisions, Duration checkInterval) {
    private static final long LEAST_REVISIONS = 100;

    public HistoryConfig {
        Problems problems = new Problems();
        if (!keepTime.isZero()) {
            Checks.between(problems, "history.keep-time", keepTime, Duration.ofSeconds(1), Duration.ofDays(365));
        }
        problems.check(
                keepRevisions == 0 || keepRevisions >= LEAST_REVISIONS,
                "history.keep-revisions",
                keepRevisions,
                "0, or at least " + LEAST_REVISIONS);
        Checks.between(problems, "history.check-interval", checkInterval, Duration.ofMillis(100), Duration.ofHours(1));
        problems.throwIfAny();
    }
}
