package dev.store.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.store.bench.cluster.EtcdCluster;
import dev.store.bench.compare.Comparison;
import dev.store.bench.compare.Peer;
import dev.store.bench.compare.Setup;
import dev.store.bench.work.Job;
import dev.store.bench.work.Work;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A second of the loads by etcd's protocol, on three real etcd processes and on three of Store's. */
@Timeout(480)
class CompareIT {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final List<Job> JOBS = List.of(
            new Job(Work.PUT, 8, 3),
            new Job(Work.GET_AFTER_WRITES, 8, 3),
            new Job(Work.TXN, 8, 3),
            new Job(Work.WATCH, 20, 3),
            new Job(Work.CONFIG_PUSH, 10, 3),
            new Job(Work.WATCH_CREATE, 4, 3),
            new Job(Work.PUT_IDLE_WATCHES, 50, 3),
            new Job(Work.LOCK_CONTENDED, 2, 2),
            new Job(Work.REGISTER, 4, 3),
            new Job(Work.KEEPALIVE, 4, 3),
            new Job(Work.READ_PAGES, 12_000, 3),
            new Job(Work.PUT_KEYS, 12_000, 3));

    @Test
    void etcdAndStoreDoTheSameByTheSameClientCode() {
        assumeTrue(
                EtcdCluster.find().isPresent(),
                "there is no etcd to compare with; Debian has it in the package etcd-server");
        ByteArrayOutputStream progress = new ByteArrayOutputStream();
        Setup setup = new Setup(
                Home.find(),
                List.of(Peer.ETCD, Peer.STORE_ETCD),
                JOBS,
                1,
                new Setup.Times(SECOND, Duration.ZERO, SECOND),
                new Setup.Sizes(1_000, 256));
        Comparison comparison = new Comparison(setup, new PrintStream(progress, true, StandardCharsets.UTF_8));

        comparison.run(() -> {});

        String table = comparison.table();
        assertThat(comparison.hasFailures())
                .as("%s%n%s", table, progress.toString(StandardCharsets.UTF_8))
                .isFalse();
        for (Job job : JOBS) {
            assertThat(table.lines().filter(line -> line.startsWith("| " + job.label())))
                    .as(job.label())
                    .hasSize(2)
                    .noneMatch(line -> line.contains("no close form"));
        }
        assertThat(comparison.page()).contains("<svg").contains("store-etcd");
        assertThat(comparison.json()).contains("\"ratio_to_base\"");
    }
}
