package dev.store.jepsen.workload;

import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.history.Recorder;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Reads, writes, compare-and-sets and deletions of a few keys. */
public final class RegisterWorkload implements Workload {
    private static final int KEYS = 8;
    private static final int CLIENTS = 6;

    private final RegisterTraffic traffic;
    private final Random random;

    public RegisterWorkload(List<Node> nodes, Recorder recorder, Random random) {
        this.traffic = new RegisterTraffic(nodes, recorder, "register/", KEYS);
        this.random = random;
    }

    @Override
    public void start() {
        traffic.start(CLIENTS, Duration.ofMillis(15), random);
    }

    @Override
    public void close() {
        traffic.close();
    }
}
