package dev.store.server.discovery;

import static dev.store.api.v1.HealthStatus.HEALTH_STATUS_CRITICAL;
import static dev.store.api.v1.HealthStatus.HEALTH_STATUS_PASSING;
import static dev.store.api.v1.HealthStatus.HEALTH_STATUS_WARNING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.v1.Check;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Rules that are pure functions of what they are given. */
class DiscoveryRulesTest {
    @Test
    void protectionBeginsBelowTheThresholdAndEndsOnlyWellAboveIt() {
        assertThat(Protection.protects(false, 3, 10, 30)).isFalse();
        assertThat(Protection.protects(false, 2, 10, 30)).isTrue();
        assertThat(Protection.protects(true, 3, 10, 30)).isTrue();
        assertThat(Protection.protects(true, 4, 10, 30)).isFalse();
    }

    @Test
    void protectionNeedsInstancesAndCanBeTurnedOff() {
        assertThat(Protection.protects(false, 0, 0, 30)).isFalse();
        assertThat(Protection.protects(false, 0, 3, 0)).isFalse();
        assertThat(Protection.protects(false, 0, 1, 30)).isTrue();
        assertThat(Protection.protects(true, 5, 5, 100)).isFalse();
    }

    @Test
    void aTenthOfAServiceIsRemovedInASecondAndAtLeastOne() {
        RemovalBudget budget = new RemovalBudget();

        assertThat(taken(budget, "large", 100, 0)).isEqualTo(10);
        assertThat(taken(budget, "large", 90, 500)).isEqualTo(4);
        assertThat(taken(budget, "small", 3, 0)).isEqualTo(1);
        assertThat(taken(budget, "small", 2, 500)).isZero();
        assertThat(taken(budget, "small", 2, 1_000)).isEqualTo(1);
        assertThat(taken(budget, "small", 1, 60_000)).isEqualTo(1);
    }

    private static int taken(RemovalBudget budget, String service, int instances, long atMs) {
        int taken = 0;
        while (budget.take(service, instances, TimeUnit.MILLISECONDS.toNanos(atMs))) {
            taken++;
        }
        return taken;
    }

    @Test
    void statusChangesOnlyAfterEnoughResultsInARow() {
        Thresholds thresholds =
                new Thresholds(Check.newBuilder().setSuccesses(2).setFailures(3).build(), HEALTH_STATUS_CRITICAL);

        assertThat(thresholds.after(HEALTH_STATUS_PASSING)).isEqualTo(HEALTH_STATUS_CRITICAL);
        assertThat(thresholds.after(HEALTH_STATUS_PASSING)).isEqualTo(HEALTH_STATUS_PASSING);
        assertThat(thresholds.after(HEALTH_STATUS_CRITICAL)).isEqualTo(HEALTH_STATUS_PASSING);
        assertThat(thresholds.after(HEALTH_STATUS_CRITICAL)).isEqualTo(HEALTH_STATUS_PASSING);
        assertThat(thresholds.after(HEALTH_STATUS_PASSING)).isEqualTo(HEALTH_STATUS_PASSING);
        assertThat(thresholds.after(HEALTH_STATUS_CRITICAL)).isEqualTo(HEALTH_STATUS_PASSING);
        assertThat(thresholds.after(HEALTH_STATUS_CRITICAL)).isEqualTo(HEALTH_STATUS_PASSING);
        assertThat(thresholds.after(HEALTH_STATUS_CRITICAL)).isEqualTo(HEALTH_STATUS_CRITICAL);
        assertThat(thresholds.after(HEALTH_STATUS_WARNING)).isEqualTo(HEALTH_STATUS_WARNING);
    }

    @Test
    void checksAreSharedOutEvenlyAndOnlyThoseOfAGoneMemberMove() {
        Map<String, Integer> shares = new HashMap<>();
        for (int i = 0; i < 3_000; i++) {
            CheckId id = new CheckId("default", new InstanceKey("s", "host", "" + i), "http");
            String owner = CheckOwners.owner(id, List.of("n1", "n2", "n3"));
            String without = CheckOwners.owner(id, List.of("n1", "n3"));
            shares.merge(owner, 1, Integer::sum);
            if (!owner.equals("n2")) {
                assertThat(without).isEqualTo(owner);
            }
            assertThat(CheckOwners.owner(id, List.of("n3", "n2", "n1"))).isEqualTo(owner);
        }
        assertThat(shares).hasSize(3).allSatisfy((member, share) -> assertThat(share)
                .isBetween(850, 1_150));
    }

    @Test
    void outputAloneIsWrittenOnlyNowAndThen() {
        long[] now = {0};
        OutputRate rate = new OutputRate(() -> now[0]);
        CheckId check = new CheckId("default", new InstanceKey("s", "n", "1"), "c");

        assertThat(rate.mayWrite(check)).isTrue();
        now[0] = TimeUnit.SECONDS.toNanos(29);
        assertThat(rate.mayWrite(check)).isFalse();
        now[0] = TimeUnit.SECONDS.toNanos(30);
        assertThat(rate.mayWrite(check)).isTrue();
    }

    @Test
    void outputIsCutBetweenCharacters() {
        String text = "x".repeat(4_095) + "ä";

        assertThat(CheckStates.shortened(text)).isEqualTo("x".repeat(4_095));
        assertThat(CheckStates.shortened("short")).isEqualTo("short");
    }
}
