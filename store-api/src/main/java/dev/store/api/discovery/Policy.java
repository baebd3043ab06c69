package dev.store.api.discovery;

import com.google.protobuf.TextFormat;
import dev.store.api.v1.OutlierPolicy;
import dev.store.api.v1.ServicePolicy;
import java.time.Duration;

/**
 * What holds for a service as a whole, kept centrally and pushed to all who watch or balance over it; see {@code
 * ServicePolicy} in discovery.proto for the meaning of each part. Immutable: each method gives another one. What is not
 * said has its default.
 *
 * <pre>{@code
 * store.services().setPolicy("payments", Policy.DEFAULT.balancing(Balancing.PEAK_EWMA).protectPercent(50)).join();
 * }</pre>
 */
public final class Policy {
    /** Defaults everywhere. */
    public static final Policy DEFAULT = new Policy(ServicePolicy.getDefaultInstance());

    private final ServicePolicy policy;

    private Policy(ServicePolicy policy) {
        this.policy = policy;
    }

    ServicePolicy proto() {
        return policy;
    }

    private static dev.store.api.v1.Balancing proto(Balancing balancing) {
        return dev.store.api.v1.Balancing.valueOf("BALANCING_" + balancing.name());
    }

    private static Policy of(ServicePolicy.Builder changed) {
        return new Policy(changed.build());
    }

    private Policy outliers(OutlierPolicy.Builder changed) {
        return of(policy.toBuilder().setOutliers(changed));
    }

    /** Below this share of healthy instances, 0 to 100 percent, all are returned and none is removed; 0 means never. */
    public Policy protectPercent(int percent) {
        return of(policy.toBuilder().setProtectPercent(percent));
    }

    /** How long protection holds a removal back, at most 30 days. */
    public Policy protectHold(Duration hold) {
        return of(policy.toBuilder().setProtectHoldMs(hold.toMillis()));
    }

    /** How balancers choose, whatever their own option says. */
    public Policy balancing(Balancing balancing) {
        return of(policy.toBuilder().setBalancing(proto(balancing)));
    }

    /** Whether the caller's own zone and region come first; they do by default. */
    public Policy zonePreference(boolean preferred) {
        return of(policy.toBuilder().setNoZonePreference(!preferred));
    }

    /** Least healthy instances in the caller's zone for it to be preferred, 1 to 1,000. */
    public Policy zoneMinHealthy(int least) {
        return of(policy.toBuilder().setZoneMinHealthy(least));
    }

    /** The version that callers get who name none. */
    public Policy defaultVersion(String version) {
        return of(policy.toBuilder().setDefaultVersion(version));
    }

    /** Failed calls in a row after which a caller leaves an instance out, 1 to 1,000; -1 means never. */
    public Policy ejectAfter(int consecutiveFailures) {
        return outliers(policy.getOutliers().toBuilder().setConsecutiveFailures(consecutiveFailures));
    }

    /** Share of failed calls after which a caller leaves an instance out, 1 to 100 percent; -1 means never. */
    public Policy ejectErrorPercent(int percent) {
        return outliers(policy.getOutliers().toBuilder().setErrorPercent(percent));
    }

    /** How long an instance is left out the first time, 100 ms to 1 h. */
    public Policy ejection(Duration time) {
        return outliers(policy.getOutliers().toBuilder().setEjectionMs(time.toMillis()));
    }

    /** Most instances left out at a time, 1 to 100 percent. */
    public Policy maxEjectedPercent(int percent) {
        return outliers(policy.getOutliers().toBuilder().setMaxEjectedPercent(percent));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Policy that && policy.equals(that.policy);
    }

    @Override
    public int hashCode() {
        return policy.hashCode();
    }

    @Override
    public String toString() {
        return "Policy[" + TextFormat.printer().emittingSingleLine(true).printToString(policy) + "]";
    }
}
