package dev.store.api.discovery;

import dev.store.api.v1.HealthStatus;

/** How an instance or a check is, from best to worst. */
public enum Health {
    /** In order. */
    PASSING(HealthStatus.HEALTH_STATUS_PASSING),
    /** Serves, but something is not as it should be. */
    WARNING(HealthStatus.HEALTH_STATUS_WARNING),
    /** Does not serve. */
    CRITICAL(HealthStatus.HEALTH_STATUS_CRITICAL);

    private final HealthStatus status;

    Health(HealthStatus status) {
        this.status = status;
    }

    HealthStatus status() {
        return status;
    }

    /** What a status on the wire means; one that this version does not know is taken for the worst. */
    static Health of(HealthStatus status) {
        for (Health health : values()) {
            if (health.status == status) {
                return health;
            }
        }
        return CRITICAL;
    }
}
