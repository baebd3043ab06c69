package dev.store.server.discovery;

import dev.store.api.v1.ServicePolicy;

/**
 * Decides when so many instances of a service have failed that it is likelier that something else is wrong, such as the
 * network between them and the cluster: it is better then to call instances that may be well than none.
 *
 * <p>The default threshold, 30 %, lets a service lose one or two of three instances without protection, so that callers
 * never try dead ones in everyday failures, and protects it when it has lost nearly all.
 */
final class Protection {
    static final int DEFAULT_PERCENT = 30;
    static final long DEFAULT_HOLD_MS = 3_600_000;

    /** So much better than the threshold it must be to be protected no more, so that the mark does not flap. */
    private static final int HYSTERESIS_PERCENT = 10;

    /** Of so few instances all may die in everyday life, so their removal is not held back. */
    private static final int HELD_INSTANCES_MIN = 3;

    private Protection() {}

    /**
     * Whether a service is protected.
     *
     * @param before whether it was before
     * @param healthy passing or warning instances that do not drain
     * @param all instances that do not drain
     */
    static boolean protects(boolean before, int healthy, int all, int percent) {
        if (percent == 0 || all == 0 || healthy == all) {
            return false;
        }
        int needed = before ? Math.min(100, percent + HYSTERESIS_PERCENT) : percent;
        return 100L * healthy < (long) needed * all;
    }

    static int percent(ServicePolicy policy) {
        return policy.hasProtectPercent() ? policy.getProtectPercent() : DEFAULT_PERCENT;
    }

    /** How long the removal of instances is held back beyond their own time. */
    static long holdMs(ServiceSnapshot service) {
        if (!service.isProtected() || service.instances().size() < HELD_INSTANCES_MIN) {
            return 0;
        }
        ServicePolicy policy = service.policy();
        return policy.hasProtectHoldMs() ? policy.getProtectHoldMs() : DEFAULT_HOLD_MS;
    }
}
