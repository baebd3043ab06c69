package dev.store.api.discovery;

import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * How a balancer works. The policy of the service, which is kept centrally, goes before what is said here.
 *
 * @param balancing what the policy does not say
 * @param zone zone of the caller; empty if unknown
 * @param region region of the caller; empty if unknown
 * @param version version that is wanted; empty for that of the policy, else any
 * @param random where chance comes from; tests give it a seed
 * @param nanoClock monotonic time in ns
 */
public record BalancerOptions(
        Balancing balancing,
        String zone,
        String region,
        String version,
        RandomGenerator random,
        LongSupplier nanoClock) {
    /** Round robin, without a zone. */
    public static final BalancerOptions DEFAULT = of(Balancing.ROUND_ROBIN);

    public static BalancerOptions of(Balancing balancing) {
        return new BalancerOptions(
                balancing,
                "",
                "",
                "",
                RandomGeneratorFactory.of("L64X128MixRandom").create(),
                System::nanoTime);
    }

    /** The same for a caller in a zone of a region. */
    public BalancerOptions inZone(String callerZone, String callerRegion) {
        return new BalancerOptions(balancing, callerZone, callerRegion, version, random, nanoClock);
    }

    /** The same for one version of the service. */
    public BalancerOptions version(String wanted) {
        return new BalancerOptions(balancing, zone, region, wanted, random, nanoClock);
    }
}
