package dev.store.jepsen.workload;

import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.history.Recorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** Writes that are sent again and again under one operation id, to one node after the other, also after their answer. */
public final class OnceWorkload implements Workload {
    private static final int CLIENTS = 6;
    private static final int ATTEMPTS = 6;
    private static final Duration DEADLINE = Duration.ofMillis(800);

    private final List<Node> nodes;
    private final Recorder recorder;
    private final Random random;
    private final Clients clients = new Clients();
    private final AtomicLong values = new AtomicLong();

    public OnceWorkload(List<Node> nodes, Recorder recorder, Random random) {
        this.nodes = nodes;
        this.recorder = recorder;
        this.random = random;
    }

    @Override
    public void start() {
        clients.start("once", CLIENTS, Duration.ofMillis(15), random, mine -> {
            KvProcess process = new KvProcess(recorder, DEADLINE);
            return () -> {
                String value = "v" + values.incrementAndGet();
                String key = "once/" + mine.nextInt(5);
                List<Node> order = new ArrayList<>(nodes);
                Collections.shuffle(order, mine);
                boolean acknowledged = process.once(order, key, value, ATTEMPTS).isPresent();
                if (acknowledged && mine.nextInt(3) == 0) {
                    process.again(order.get(0), key, value);
                }
            };
        });
    }

    @Override
    public void close() {
        clients.close();
    }
}
