package dev.store.jepsen.run;

import dev.store.api.v1.CompactRequest;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.history.Recorder;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** Forgets history all the time, a little behind the newest revision. */
final class Compactor implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(400);
    private static final Duration CALL = Duration.ofSeconds(3);
    private static final long BEHIND = 100;

    private final List<Node> nodes;
    private final Recorder.Worker worker;
    private final Random random;
    private final Supplier<Long> safe;
    private final Thread thread = new Thread(this::run, "jepsen-compactor");
    private volatile boolean stopped;

    /**
     * A compactor.
     *
     * @param safe revision up to which history is not needed by the rig any more
     */
    Compactor(List<Node> nodes, Recorder recorder, Random random, Supplier<Long> safe) {
        this.nodes = nodes;
        this.worker = recorder.worker();
        this.random = random;
        this.safe = safe;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join(Await.PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        long last = 0;
        while (!stopped) {
            Await.pass(EVERY);
            long revision = safe.get() - BEHIND;
            if (revision > last + BEHIND) {
                compact(revision);
                last = revision;
            }
        }
    }

    private void compact(long revision) {
        Node node = nodes.get(random.nextInt(nodes.size()));
        worker.invoke("compact", revision, Map.of("node", node.name()));
        try {
            var response = node.client()
                    .kv(CALL)
                    .compact(CompactRequest.newBuilder().setRevision(revision).build());
            worker.ok(revision, Map.of("revision", response.getHeader().getRevision()));
        } catch (StatusRuntimeException e) {
            worker.info(String.valueOf(e.getMessage()), Map.of());
        }
    }
}
