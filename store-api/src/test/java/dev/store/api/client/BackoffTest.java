package dev.store.api.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = Backoff.of(Duration.ofMillis(50), Duration.ofSeconds(2));

    @Test
    void pausesDoubleUpToTheirBoundAndAreNeverShorterThanHalfOfIt() {
        long boundMs = 50;
        for (int failures = 0; failures < 40; failures++) {
            for (int i = 0; i < 100; i++) {
                assertThat(backoff.pause(failures))
                        .as("after %d failures", failures)
                        .isBetween(Duration.ofMillis(boundMs / 2), Duration.ofMillis(boundMs));
            }
            boundMs = Math.min(2_000, 2 * boundMs);
        }
    }

    @Test
    void fewerThanNoFailuresCountAsNone() {
        assertThat(backoff.pauseNanos(-3)).isBetween(25_000_000L, 50_000_000L);
    }
}
