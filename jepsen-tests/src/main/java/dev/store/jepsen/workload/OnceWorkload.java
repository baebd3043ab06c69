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
public final class OnceWorkload extends ClientsWorkload {
    private static final int CLIENTS = 6;
    private static final int ATTEMPTS = 6;
    private static final Duration DEADLINE = Duration.ofMillis(800);

    private final AtomicLong values = new AtomicLong();

    public OnceWorkload(List<Node> nodes, Recorder recorder, Random random) {
        super(nodes, recorder, random, Crowd.of("once", CLIENTS, 15));
    }

    @Override
    Runnable client(Random mine) {
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
    }
}
