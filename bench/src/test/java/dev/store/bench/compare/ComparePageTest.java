package dev.store.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.bench.work.Job;
import dev.store.bench.work.Work;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparePageTest {
    private static final Job PUT = new Job(Work.PUT, 64, 8);
    private static final Job RECOVERY = new Job(Work.RECOVERY_POLLING, 1, 1);

    private final Results results = new Results(
            ResultsTest.setup(List.of(PUT, new Job(Work.PUT, 1, 1), new Job(Work.PUT, 1_000, 100), RECOVERY)));

    @Test
    void pageShowsFiguresWithTheirFactorsAndNeedsNothingElse() {
        full(PUT, 1_000, 2_500);
        results.add(new Sample(1, Peer.ETCD, RECOVERY, Phase.ONCE, Map.of(Metric.MILLIS, 1_300.0)));

        String page = new ComparePage(results, Map.of("cores", 2)).html();

        assertThat(page)
                .contains("put, 64 clients / 8 connections")
                .contains("store-etcd  2,500  2.50×")
                .contains("recovery-polling")
                .contains("cores: 2")
                .doesNotContain("http")
                .doesNotContain("src=")
                .doesNotContain("href=");
        assertThat(page.split("<svg", -1)).hasSameSizeAs(page.split("</svg>", -1));
    }

    @Test
    void errorsStandOnTopOfThePageAndUnderTheTable() {
        results.failed(2, Peer.ETCD, "put", "no leader <after> 90 s");

        assertThat(new ComparePage(results, Map.of()).html())
                .contains("<p class='error'>block 2, etcd, put: no leader &lt;after&gt; 90 s</p>");
        assertThat(new CompareTable(results).text()).contains("block 2, etcd, put: no leader <after> 90 s");
    }

    @Test
    void curveNeedsThreeDifferentNumbers() {
        full(PUT, 1_000, 2_500);
        full(new Job(Work.PUT, 1, 1), 100, 90);
        assertThat(new Curve(results, Work.PUT, Metric.PER_SECOND).svg()).isEmpty();

        full(new Job(Work.PUT, 1_000, 100), 1_600, 4_000);
        assertThat(new Curve(results, Work.PUT, Metric.PER_SECOND).svg())
                .contains("<polyline class='store-etcd'")
                .contains(">1000</text>");
        assertThat(Curve.worksOf(results)).containsExactly(Work.PUT);
    }

    @Test
    void systemWithNothingCloseIsSaidToHaveNone() {
        full(PUT, 1_000, 2_500);
        results.hasNone(Peer.ZOOKEEPER, PUT);

        assertThat(new CompareTable(results).text()).contains("| zookeeper  | no close form");
    }

    private void full(Job job, double etcd, double store) {
        results.add(new Sample(1, Peer.ETCD, job, Phase.FULL, Map.of(Metric.PER_SECOND, etcd)));
        results.add(new Sample(1, Peer.STORE_ETCD, job, Phase.FULL, Map.of(Metric.PER_SECOND, store)));
    }
}
