package dev.store.server.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionPlanTest {
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long START = 100 * HOUR;

    @TempDir
    Path folder;

    private StampedKeyspace keyspace;

    @BeforeEach
    void open() {
        keyspace = new StampedKeyspace(folder.resolve("db"));
    }

    @AfterEach
    void close() {
        keyspace.close();
    }

    @Test
    void nothingIsForgottenWhereNothingIsConfigured() {
        keyspace.putAt(START);

        assertThat(new RetentionPlan(Duration.ZERO, 0).target(keyspace.history(), START + 100 * HOUR))
                .isZero();
    }

    @Test
    void aRevisionIsForgottenOnceItHasBeenCurrentForTheKeptTime() {
        RetentionPlan plan = new RetentionPlan(Duration.ofHours(1), 0);
        long first = keyspace.putAt(START);
        long second = keyspace.putAt(START + HOUR / 2);

        assertThat(plan.target(keyspace.history(), START + HOUR - 1)).isZero();
        assertThat(plan.target(keyspace.history(), START + HOUR)).isEqualTo(first);
        assertThat(plan.target(keyspace.history(), START + HOUR + HOUR / 2 - 1)).isEqualTo(first);
        assertThat(plan.target(keyspace.history(), START + HOUR + HOUR / 2)).isEqualTo(second);
        assertThat(plan.target(keyspace.history(), START + 9 * HOUR)).isEqualTo(second);
    }

    @Test
    void whatIsForgottenAlreadyIsNotForgottenAgain() {
        RetentionPlan plan = new RetentionPlan(Duration.ofHours(1), 0);
        keyspace.putAt(START);
        long second = keyspace.putAt(START);
        keyspace.putAt(START + 2 * HOUR);

        assertThat(plan.target(keyspace.history(), START + HOUR)).isEqualTo(second);
        keyspace.compact(second);

        assertThat(plan.target(keyspace.history(), START + HOUR)).isZero();
    }

    @Test
    void everythingPastTheKeptRevisionsIsForgotten() {
        RetentionPlan plan = new RetentionPlan(Duration.ZERO, 100);
        long last = 0;
        while (last < 100) {
            last = keyspace.putAt(START);
        }

        assertThat(plan.target(keyspace.history(), START)).isZero();
        keyspace.putAt(START);
        assertThat(plan.target(keyspace.history(), START)).isEqualTo(1);
    }

    @Test
    void ofTimeAndCountTheOneThatForgetsMoreDecides() {
        RetentionPlan plan = new RetentionPlan(Duration.ofHours(1), 100);
        long last = 0;
        while (last < 150) {
            last = keyspace.putAt(last < 50 ? START : START + HOUR);
        }

        assertThat(plan.target(keyspace.history(), START + HOUR - 1)).isEqualTo(50);
        assertThat(plan.target(keyspace.history(), START + 2 * HOUR)).isEqualTo(150);
    }
}
