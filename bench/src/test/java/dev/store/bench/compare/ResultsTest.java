package dev.store.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.bench.figures.Json;
import dev.store.bench.work.Job;
import dev.store.bench.work.Work;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultsTest {
    private static final Job PUT = new Job(Work.PUT, 64, 8);
    private static final Results.Line LINE = new Results.Line(PUT, Phase.FULL);

    private final Results results = new Results(setup(List.of(PUT)));

    static Setup setup(List<Job> jobs) {
        Setup.Times times = new Setup.Times(Duration.ofSeconds(30), Duration.ofSeconds(8), Duration.ofSeconds(10));
        return new Setup(
                Path.of("home"),
                List.of(Peer.ETCD, Peer.STORE_ETCD, Peer.ZOOKEEPER),
                jobs,
                3,
                times,
                new Setup.Sizes(100_000, 256));
    }

    @Test
    void factorIsTheMedianOfTheFactorsWithinTheBlocks() {
        // The machine was slower with each block, for both alike.
        took(1, 1_000, 2_000);
        took(2, 500, 1_100);
        took(3, 100, 190);

        assertThat(results.ratio(LINE, Peer.STORE_ETCD, Metric.PER_SECOND)).contains(new Spread(2.0, 1.9, 2.2));
        assertThat(results.figure(LINE, Peer.ETCD, Metric.PER_SECOND)).contains(new Spread(500, 100, 1_000));
    }

    @Test
    void blockInWhichTheBaseFailedHasNoFactor() {
        took(1, 1_000, 2_000);
        add(2, Peer.STORE_ETCD, 8_000);

        assertThat(results.ratio(LINE, Peer.STORE_ETCD, Metric.PER_SECOND)).contains(new Spread(2, 2, 2));
        assertThat(results.figure(LINE, Peer.STORE_ETCD, Metric.PER_SECOND)).contains(new Spread(5_000, 2_000, 8_000));
    }

    @Test
    void systemWithoutFiguresHasNeitherFigureNorFactor() {
        took(1, 1_000, 2_000);

        assertThat(results.figure(LINE, Peer.ZOOKEEPER, Metric.PER_SECOND)).isEmpty();
        assertThat(results.ratio(LINE, Peer.ZOOKEEPER, Metric.PER_SECOND)).isEmpty();
        assertThat(results.ratio(LINE, Peer.STORE_ETCD, Metric.DISK)).isEmpty();
    }

    @Test
    void slowestIsOfOneBlockUnderFullLoad() {
        took(1, 1_000, 2_000);
        took(2, 10, 20);
        results.add(new Sample(1, Peer.ETCD, PUT, Phase.COLD, Map.of(Metric.PER_SECOND, 7.0)));

        assertThat(results.slowest(PUT, 1)).isEqualTo(1_000);
        assertThat(results.slowest(new Job(Work.GET, 64, 8), 1)).isZero();
    }

    @Test
    void jsonHoldsSummarySamplesAndFailures() {
        took(1, 1_000, 2_000);
        results.hasNone(Peer.ZOOKEEPER, PUT);
        results.failed(1, Peer.ETCD, "get, 64 clients", "went away");

        assertThat(Json.of(results.asMap(Map.of("cores", 2))))
                .contains("\"cores\": 2")
                .contains("\"ratio_to_base\": {\"median\": 2.000")
                .contains("\"zookeeper\": \"no close form\"")
                .contains("\"system\": \"store-etcd\", \"workload\": \"put, 64 clients / 8 connections\"")
                .contains("\"message\": \"went away\"");
    }

    private void took(int block, double etcd, double store) {
        add(block, Peer.ETCD, etcd);
        add(block, Peer.STORE_ETCD, store);
    }

    private void add(int block, Peer peer, double perSecond) {
        results.add(new Sample(block, peer, PUT, Phase.FULL, Map.of(Metric.PER_SECOND, perSecond)));
    }
}
