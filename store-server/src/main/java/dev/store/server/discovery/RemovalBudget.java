package dev.store.server.discovery;

import java.util.HashMap;
import java.util.Map;

/**
 * Bounds how fast the instances of a service are removed: a tenth of them in a second, at least one a second. So a
 * mistake that makes all look dead empties nothing before somebody can look.
 */
final class RemovalBudget {
    private static final double SHARE_PER_SECOND = 0.1;
    private static final double NANOS = 1e9;

    private record Bucket(double tokens, long atNanos) {}

    private final Map<String, Bucket> buckets = new HashMap<>();

    /** Whether one more instance may be removed now; if so, it counts as removed. */
    boolean take(String service, int instances, long nowNanos) {
        double rate = Math.max(1, instances * SHARE_PER_SECOND);
        Bucket before = buckets.getOrDefault(service, new Bucket(rate, nowNanos));
        double tokens = Math.min(rate, before.tokens + rate * (nowNanos - before.atNanos) / NANOS);
        boolean may = tokens >= 1;
        buckets.put(service, new Bucket(may ? tokens - 1 : tokens, nowNanos));
        return may;
    }

    void clear() {
        buckets.clear();
    }
}
