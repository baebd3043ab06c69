package dev.store.api.discovery;

import dev.store.api.v1.OutlierPolicy;
import dev.store.api.v1.ServicePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The instances of a service with what is remembered of them, and the choice among them: pure but for the clock and the
 * chance that it is given. Thread-safe.
 */
final class BackendSet {
    private static final int DEFAULT_EJECTED_PERCENT = 50;

    private final BalancerOptions options;
    private final Map<String, Backend> backends = new TreeMap<>();
    private ServicePolicy policy = ServicePolicy.getDefaultInstance();
    private Balancing balancing;
    private Strategy strategy;
    private boolean isProtected;

    BackendSet(BalancerOptions options) {
        this.options = options;
        this.balancing = options.balancing();
        this.strategy = Strategy.of(balancing, options.random());
    }

    synchronized void update(ServiceState state, ServicePolicy newPolicy) {
        policy = newPolicy;
        isProtected = state.isProtected();
        Map<String, Backend> old = new TreeMap<>(backends);
        backends.clear();
        for (ServiceInstance instance : state.instances()) {
            Backend known = old.get(instance.name());
            Backend backend =
                    known == null ? new Backend(instance, options.nanoClock().getAsLong()) : known;
            backend.update(instance);
            backends.put(instance.name(), backend);
        }
        Balancing wanted = wanted(newPolicy);
        if (wanted != balancing) {
            balancing = wanted;
            strategy = Strategy.of(wanted, options.random());
        }
    }

    private Balancing wanted(ServicePolicy newPolicy) {
        return switch (newPolicy.getBalancing()) {
            case BALANCING_ROUND_ROBIN -> Balancing.ROUND_ROBIN;
            case BALANCING_RANDOM -> Balancing.RANDOM;
            case BALANCING_WEIGHTED -> Balancing.WEIGHTED;
            case BALANCING_LEAST_REQUESTS -> Balancing.LEAST_REQUESTS;
            case BALANCING_PEAK_EWMA -> Balancing.PEAK_EWMA;
            case BALANCING_CONSISTENT_HASH -> Balancing.CONSISTENT_HASH;
            case BALANCING_UNSPECIFIED, UNRECOGNIZED -> options.balancing();
        };
    }

    /** Chooses, and counts a call as begun; null if there is nobody to call. */
    synchronized @Nullable Backend begin(String key) {
        long now = options.nanoClock().getAsLong();
        List<Backend> from = candidates(now);
        if (from.isEmpty()) {
            return null;
        }
        Backend chosen = strategy.choose(from, key, now);
        chosen.begin();
        return chosen;
    }

    /** Those that may be called now, in order of name. */
    private List<Backend> candidates(long now) {
        String version = options.version().isEmpty() ? policy.getDefaultVersion() : options.version();
        List<Backend> usable = new ArrayList<>();
        for (Backend backend : backends.values()) {
            ServiceInstance instance = backend.instance();
            boolean healthy = isProtected || instance.health() != Health.CRITICAL;
            if (healthy && !instance.draining() && (version.isEmpty() || version.equals(instance.version()))) {
                usable.add(backend);
            }
        }
        List<Backend> near = near(usable, now);
        List<Backend> well =
                near.stream().filter(backend -> !backend.ejected(now)).toList();
        if (!well.isEmpty()) {
            return well;
        }
        // All of the zone are ejected: others, if there are any, before those.
        List<Backend> elsewhere =
                usable.stream().filter(backend -> !backend.ejected(now)).toList();
        return elsewhere.isEmpty() ? near : elsewhere;
    }

    private List<Backend> near(List<Backend> usable, long now) {
        if (policy.getNoZonePreference()) {
            return usable;
        }
        List<Backend> zone =
                narrowed(usable, options.zone(), instance -> instance.zone().equals(options.zone()), now);
        return zone != usable
                ? zone
                : narrowed(
                        usable, options.region(), instance -> instance.region().equals(options.region()), now);
    }

    private List<Backend> narrowed(List<Backend> usable, String place, Predicate<ServiceInstance> inPlace, long now) {
        if (place.isEmpty()) {
            return usable;
        }
        List<Backend> inside = usable.stream()
                .filter(backend -> inPlace.test(backend.instance()))
                .toList();
        long well = inside.stream()
                .filter(backend -> backend.instance().health() != Health.CRITICAL && !backend.ejected(now))
                .count();
        return well >= Math.max(1, policy.getZoneMinHealthy()) ? inside : usable;
    }

    /** Counts a call as ended. */
    synchronized void end(Backend backend, boolean success, long latencyNanos) {
        long now = options.nanoClock().getAsLong();
        backend.end();
        backend.took(latencyNanos, now);
        if (success) {
            backend.succeeded(now);
        } else if (backend.failed(policy.getOutliers(), now) && mayEject(now)) {
            backend.eject(policy.getOutliers(), now);
        }
    }

    /** Not more than the policy allows are left out, and never all. */
    private boolean mayEject(long now) {
        OutlierPolicy outliers = policy.getOutliers();
        int percent = outliers.getMaxEjectedPercent() == 0 ? DEFAULT_EJECTED_PERCENT : outliers.getMaxEjectedPercent();
        long ejected = backends.values().stream()
                .filter(backend -> backend.ejected(now))
                .count();
        boolean within = 100 * (ejected + 1) <= (long) percent * backends.size();
        // Of few, one may be left out even if that is more than the share.
        return ejected + 1 < backends.size() && (within || ejected == 0);
    }
}
