package dev.store.raft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.ratis.metrics.MetricRegistries;
import org.junit.jupiter.api.Test;

class NoRatisMetricsTest {
    @Test
    void ratisFindsItAndNothingElse() {
        assertThat(MetricRegistries.global()).isInstanceOf(NoRatisMetrics.class);
    }
}
