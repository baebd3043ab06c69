package dev.store.jepsen.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.client.EntryStream;
import dev.store.api.client.Keys;
import dev.store.api.client.StoreClient;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Cluster;
import dev.store.jepsen.cluster.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an upgrade does: every node is stopped with SIGTERM and started again, one after the other, under writes. */
@ExtendWith(SharedCluster.class)
@Timeout(1_800)
class RollingRestartIT {
    private static final int WRITERS = 3;

    /** What a quiet machine keeps far below: one election, and no waiting for what has gone. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    @Test
    void everyNodeIsRestartedAndNoWriteFailsOrIsLost(Cluster cluster) {
        try (StoreClient client = StoreClient.builder()
                .endpoints(cluster.endpoints())
                .timeout(Duration.ofMinutes(1))
                .build()) {
            Writers writers = new Writers(client);
            writers.start();
            for (Node node : List.copyOf(cluster.nodes())) {
                writers.awaitMore(100);
                assertThat(node.terminate(Await.PATIENCE)).isZero();
                writers.awaitMore(100);
                node.start();
                cluster.awaitReady(Await.PATIENCE);
            }
            // Perhaps none of them led when it was stopped.
            Node leader = cluster.leader();
            int before = handOvers(leader);
            assertThat(leader.terminate(Await.PATIENCE)).isZero();
            assertThat(handOvers(leader)).isEqualTo(before + 1);
            writers.awaitMore(100);
            writers.stop();

            System.out.println("longest write while every node is restarted: "
                    + writers.longest().toMillis() + " ms");
            assertThat(writers.failures).isEmpty();
            assertThat(writers.longest()).isLessThan(LONGEST_WAIT);
            assertThat(keys(client)).containsAll(writers.acknowledged);
        }
    }

    private static int handOvers(Node node) {
        return node.logTail(Integer.MAX_VALUE).split("leadership handed over", -1).length - 1;
    }

    private static Set<String> keys(StoreClient client) {
        Set<String> keys = new TreeSet<>();
        try (EntryStream entries = client.kv().stream(Keys.prefix("rolling/"))) {
            entries.forEach(entry -> keys.add(entry.key().utf8()));
        }
        return keys;
    }

    /** Clients that put one new key after the other. */
    private static final class Writers {
        final Set<String> acknowledged = new ConcurrentSkipListSet<>();
        final List<String> failures = new CopyOnWriteArrayList<>();
        private final StoreClient client;
        private final AtomicLong longestNanos = new AtomicLong();
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean stopped;

        Writers(StoreClient client) {
            this.client = client;
        }

        void start() {
            for (int i = 0; i < WRITERS; i++) {
                String prefix = "rolling/" + i + "/";
                Thread thread = new Thread(() -> write(prefix), "rolling-writer-" + i);
                thread.setDaemon(true);
                threads.add(thread);
                thread.start();
            }
        }

        void awaitMore(int count) {
            int wanted = acknowledged.size() + count;
            Await.until(Await.PATIENCE, wanted + " acknowledged writes", () -> acknowledged.size() >= wanted);
        }

        Duration longest() {
            return Duration.ofNanos(longestNanos.get());
        }

        void stop() {
            stopped = true;
            threads.forEach(
                    thread -> Await.until(Await.PATIENCE, "the end of " + thread.getName(), () -> !thread.isAlive()));
        }

        private void write(String prefix) {
            for (int i = 0; !stopped; i++) {
                long start = System.nanoTime();
                try {
                    client.kv().put(prefix + i, "v").get();
                    acknowledged.add(prefix + i);
                } catch (ExecutionException e) {
                    failures.add(prefix + i + ": " + e.getCause());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
                long took = System.nanoTime() - start;
                longestNanos.accumulateAndGet(took, Math::max);
                LockSupport.parkNanos(10_000_000);
            }
        }
    }
}
