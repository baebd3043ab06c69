package dev.store.server.config;

import java.time.Duration;

/**
 * When snapshots are taken.
 *
 * @param logBytes growth of the log that triggers one
 * @param interval time that triggers one; zero for never
 * @param keepLogEntries log entries kept before a snapshot
 */
public record SnapshotConfig(long logBytes, Duration interval, long keepLogEntries) {
    public SnapshotConfig {
        Problems problems = new Problems();
        Checks.between(problems, "snapshot.log-bytes", logBytes, 1L << 20, 64L << 30);
        if (!interval.isZero()) {
            Checks.between(problems, "snapshot.interval", interval, Duration.ofSeconds(1), Duration.ofDays(30));
        }
        Checks.between(problems, "snapshot.keep-log-entries", keepLogEntries, 0, 10_000_000);
        problems.throwIfAny();
    }
}
