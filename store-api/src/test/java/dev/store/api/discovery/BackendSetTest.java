package dev.store.api.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.v1.HealthStatus;
import dev.store.api.v1.Instance;
import dev.store.api.v1.InstanceState;
import dev.store.api.v1.OutlierPolicy;
import dev.store.api.v1.ServicePolicy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How calls are spread: pure, by seeds and a clock of its own. */
class BackendSetTest {
    private long nowNanos = 1;

    private BackendSet set(Balancing balancing, ServicePolicy policy, ServiceInstance... instances) {
        return set(options(balancing), policy, instances);
    }

    private BalancerOptions options(Balancing balancing) {
        return new BalancerOptions(balancing, "", "", "", new SplittableRandom(42), () -> nowNanos);
    }

    private static BackendSet set(BalancerOptions options, ServicePolicy policy, ServiceInstance... instances) {
        BackendSet set = new BackendSet(options);
        set.update(state(false, instances), policy);
        return set;
    }

    private static ServiceState state(boolean isProtected, ServiceInstance... instances) {
        return new ServiceState("s", 1, true, List.of(instances), isProtected, false, 1);
    }

    private static ServiceInstance instance(String id) {
        return instance(id, 0, "", HealthStatus.HEALTH_STATUS_PASSING);
    }

    private static ServiceInstance instance(String id, int weight, String zone, HealthStatus status) {
        return new ServiceInstance(InstanceState.newBuilder()
                .setInstance(Instance.newBuilder()
                        .setService("s")
                        .setNode("n")
                        .setId(id)
                        .setWeight(weight)
                        .setZone(zone))
                .setStatus(status)
                .build());
    }

    private String next(BackendSet set) {
        return next(set, "");
    }

    private String next(BackendSet set, String key) {
        Backend backend = Objects.requireNonNull(set.begin(key));
        set.end(backend, true, 1_000);
        return backend.instance().id();
    }

    private Map<String, Integer> spread(BackendSet set, int calls) {
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < calls; i++) {
            counts.merge(next(set), 1, Integer::sum);
        }
        return counts;
    }

    private static final ServicePolicy NONE = ServicePolicy.getDefaultInstance();

    @Test
    void roundRobinGivesEachTheSame() {
        assertThat(spread(set(Balancing.ROUND_ROBIN, NONE, instance("a"), instance("b"), instance("c")), 300))
                .isEqualTo(Map.of("a", 100, "b", 100, "c", 100));
    }

    @Test
    void chanceIsFair() {
        assertThat(spread(set(Balancing.RANDOM, NONE, instance("a"), instance("b"), instance("c")), 30_000)
                        .values())
                .allSatisfy(count -> assertThat(count).isBetween(9_700, 10_300));
    }

    @Test
    void weightsAreKeptExactlyAndSmoothly() {
        BackendSet set = set(
                Balancing.WEIGHTED,
                NONE,
                instance("a", 5, "", HealthStatus.HEALTH_STATUS_PASSING),
                instance("b", 1, "", HealthStatus.HEALTH_STATUS_PASSING),
                instance("c", 1, "", HealthStatus.HEALTH_STATUS_PASSING));
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            order.add(next(set));
        }

        assertThat(order).containsExactly("a", "a", "b", "a", "c", "a", "a");
        assertThat(spread(set, 700)).isEqualTo(Map.of("a", 500, "b", 100, "c", 100));
    }

    @Test
    void callsUnderWayKeepFurtherOnesAway() {
        BackendSet set = set(Balancing.LEAST_REQUESTS, NONE, instance("a"), instance("b"));
        Backend stuck = Objects.requireNonNull(set.begin(""));

        assertThat(spread(set, 100))
                .hasSize(1)
                .doesNotContainKey(stuck.instance().id());
    }

    @Test
    void slowOneGetsFewCallsAndThePeakFades() {
        BackendSet set = set(Balancing.PEAK_EWMA, NONE, instance("a"), instance("b"));
        for (int i = 0; i < 20; i++) {
            Backend backend = Objects.requireNonNull(set.begin(""));
            set.end(backend, true, backend.instance().id().equals("a") ? 500_000_000 : 1_000_000);
        }

        assertThat(spread(set, 100)).isEqualTo(Map.of("b", 100));
        nowNanos += TimeUnit.MINUTES.toNanos(5);
        assertThat(spread(set, 100)).containsKey("a");
    }

    @Test
    void equalKeysMeetTheSameInstanceAndFewMoveWhenOneGoes() {
        ServiceInstance[] five = {instance("a"), instance("b"), instance("c"), instance("d"), instance("e")};
        BackendSet set = set(Balancing.CONSISTENT_HASH, NONE, five);
        Map<String, String> homes = new TreeMap<>();
        for (int i = 0; i < 1_000; i++) {
            homes.put("key" + i, next(set, "key" + i));
        }
        homes.forEach((key, home) -> assertThat(next(set, key)).isEqualTo(home));
        Map<String, Integer> shares = new TreeMap<>();
        homes.values().forEach(home -> shares.merge(home, 1, Integer::sum));
        assertThat(shares.values()).hasSize(5).allSatisfy(share -> assertThat(share)
                .isBetween(120, 290));

        set.update(state(false, five[0], five[1], five[3], five[4]), NONE);

        homes.forEach((key, home) -> {
            if (!home.equals("c")) {
                assertThat(next(set, key)).isEqualTo(home);
            }
        });
    }

    @Test
    void hotKeyOverloadsNobody() {
        BackendSet set =
                set(Balancing.CONSISTENT_HASH, NONE, instance("a"), instance("b"), instance("c"), instance("d"));
        Map<String, Integer> underWay = new TreeMap<>();
        for (int i = 0; i < 100; i++) {
            underWay.merge(Objects.requireNonNull(set.begin("hot")).instance().id(), 1, Integer::sum);
        }

        // A quarter above the fair share of 25, rounded up.
        assertThat(underWay.values()).allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(32));
    }

    @Test
    void ownZoneIsPreferredWhileItIsWell() {
        ServiceInstance a = instance("a", 0, "z1", HealthStatus.HEALTH_STATUS_PASSING);
        ServiceInstance b = instance("b", 0, "z2", HealthStatus.HEALTH_STATUS_PASSING);
        BackendSet set = set(options(Balancing.ROUND_ROBIN).inZone("z1", ""), NONE, a, b);
        assertThat(spread(set, 10)).isEqualTo(Map.of("a", 10));

        set.update(state(false, instance("a", 0, "z1", HealthStatus.HEALTH_STATUS_CRITICAL), b), NONE);
        assertThat(spread(set, 10)).isEqualTo(Map.of("b", 10));

        set.update(
                state(false, a, b),
                ServicePolicy.newBuilder().setNoZonePreference(true).build());
        assertThat(spread(set, 10)).isEqualTo(Map.of("a", 5, "b", 5));
    }

    @Test
    void criticalOnesAreCalledOnlyUnderProtection() {
        ServiceInstance sick = instance("a", 0, "", HealthStatus.HEALTH_STATUS_CRITICAL);
        BackendSet set = set(Balancing.ROUND_ROBIN, NONE, sick);
        assertThat(set.begin("")).isNull();

        set.update(state(true, sick), NONE);
        assertThat(next(set)).isEqualTo("a");
    }

    @Test
    void failuresInARowEjectForALongerTimeEachTime() {
        ServicePolicy policy = ServicePolicy.newBuilder()
                .setOutliers(
                        OutlierPolicy.newBuilder().setConsecutiveFailures(3).setEjectionMs(1_000))
                .build();
        BackendSet set = set(Balancing.ROUND_ROBIN, policy, instance("a"), instance("b"), instance("c"));
        for (int round = 0; round < 6; round++) {
            fail(set, "a", 3);
            assertThat(spread(set, 100)).doesNotContainKey("a");
            long ejectionMs = 1_000L << Math.min(round, 4);
            nowNanos += TimeUnit.MILLISECONDS.toNanos(ejectionMs - 1);
            assertThat(spread(set, 100)).doesNotContainKey("a");
            nowNanos += TimeUnit.MILLISECONDS.toNanos(1);
            assertThat(spread(set, 100)).containsKey("a");
        }
    }

    private void fail(BackendSet set, String id, int times) {
        int failed = 0;
        while (failed < times) {
            Backend backend = Objects.requireNonNull(set.begin(""));
            boolean hit = backend.instance().id().equals(id);
            set.end(backend, !hit, 1_000);
            failed += hit ? 1 : 0;
        }
    }

    @Test
    void errorRateEjectsAlsoWithoutFailuresInARow() {
        BackendSet set = set(Balancing.ROUND_ROBIN, NONE, instance("a"), instance("b"));
        for (int i = 0; i < 60; i++) {
            Backend backend = Objects.requireNonNull(set.begin(""));
            boolean fails = backend.instance().id().equals("a") && i % 4 < 2;
            set.end(backend, !fails, 1_000);
        }

        assertThat(spread(set, 20)).isEqualTo(Map.of("b", 20));
    }

    @Test
    void neverMoreThanTheAllowedShareIsEjectedAndNeverAll() {
        BackendSet set = set(Balancing.ROUND_ROBIN, NONE, instance("a"), instance("b"), instance("c"), instance("d"));
        for (int i = 0; i < 100; i++) {
            Backend backend = Objects.requireNonNull(set.begin(""));
            set.end(backend, false, 1_000);
        }
        Set<String> left = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            Backend backend = Objects.requireNonNull(set.begin(""));
            left.add(backend.instance().id());
        }
        assertThat(left).hasSize(2);

        BackendSet alone = set(Balancing.ROUND_ROBIN, NONE, instance("a"));
        for (int i = 0; i < 20; i++) {
            alone.end(Objects.requireNonNull(alone.begin("")), false, 1_000);
        }
        assertThat(next(alone)).isEqualTo("a");
    }

    @Test
    void policyGoesBeforeTheCallersChoice() {
        BackendSet set = set(Balancing.RANDOM, NONE, instance("a"), instance("b"));
        set.update(
                state(false, instance("a"), instance("b")),
                ServicePolicy.newBuilder()
                        .setBalancing(dev.store.api.v1.Balancing.BALANCING_ROUND_ROBIN)
                        .build());

        assertThat(spread(set, 10)).isEqualTo(Map.of("a", 5, "b", 5));
    }
}
