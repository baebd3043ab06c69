package dev.store.server.discovery;

import dev.store.api.v1.Check;
import dev.store.api.v1.HealthStatus;

/** Turns single results into a status: a check must succeed or fail so often in a row to change it. */
final class Thresholds {
    private final int neededSuccesses;
    private final int neededFailures;
    private HealthStatus status;
    private int successes;
    private int failures;

    Thresholds(Check check, HealthStatus present) {
        neededSuccesses = Math.max(1, check.getSuccesses());
        neededFailures = Math.max(1, check.getFailures());
        status = present;
    }

    /** The status after one more result. */
    HealthStatus after(HealthStatus result) {
        successes = result == HealthStatus.HEALTH_STATUS_PASSING ? successes + 1 : 0;
        failures = result == HealthStatus.HEALTH_STATUS_CRITICAL ? failures + 1 : 0;
        if (successes >= neededSuccesses
                || failures >= neededFailures
                || result == HealthStatus.HEALTH_STATUS_WARNING) {
            status = result;
        }
        return status;
    }
}
