package dev.store.server.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetentionPlanTest {
    private static final long HOUR = Duration.ofHours(1).toNanos();

    @Test
    void nothingIsForgottenWhereNothingIsConfigured() {
        RetentionPlan plan = new RetentionPlan(Duration.ZERO, 0);

        plan.observe(0, 1_000);

        assertThat(plan.target(100 * HOUR, 5_000)).isZero();
    }

    @Test
    void aRevisionIsForgottenOnceItHasBeenCurrentForTheKeptTimeAgo() {
        RetentionPlan plan = new RetentionPlan(Duration.ofHours(1), 0);
        plan.observe(0, 10);
        plan.observe(HOUR / 2, 20);

        assertThat(plan.target(HOUR - 1, 30)).isZero();
        assertThat(plan.target(HOUR, 30)).isEqualTo(10);
        assertThat(plan.target(HOUR + HOUR / 2 - 1, 30)).isEqualTo(10);
        assertThat(plan.target(HOUR + HOUR / 2, 30)).isEqualTo(20);
        assertThat(plan.target(9 * HOUR, 30)).isEqualTo(20);
    }

    @Test
    void everythingPastTheKeptRevisionsIsForgotten() {
        RetentionPlan plan = new RetentionPlan(Duration.ZERO, 100);

        assertThat(plan.target(0, 99)).isZero();
        assertThat(plan.target(0, 100)).isZero();
        assertThat(plan.target(0, 101)).isEqualTo(1);
    }

    @Test
    void ofTimeAndCountTheOneThatForgetsMoreDecides() {
        RetentionPlan plan = new RetentionPlan(Duration.ofHours(1), 100);
        plan.observe(0, 500);

        assertThat(plan.target(HOUR, 550)).isEqualTo(500);
        assertThat(plan.target(HOUR, 1_000)).isEqualTo(900);
    }

    @Test
    void longUptimeCostsBoundedMemoryAndNeverForgetsTooEarly() {
        RetentionPlan plan = new RetentionPlan(Duration.ofHours(24), 0);
        long minute = Duration.ofMinutes(1).toNanos();
        int minutes = 30 * 24 * 60;

        for (int i = 1; i <= minutes; i++) {
            plan.observe(i * minute, i);
            // Revision r was current at minute r: whatever is forgotten must be a day old.
            assertThat(plan.target(i * minute, i)).isLessThanOrEqualTo(Math.max(0, i - 24 * 60));
        }
        assertThat(plan.target((long) minutes * minute, minutes)).isGreaterThan(minutes - 25 * 60);
    }
}
