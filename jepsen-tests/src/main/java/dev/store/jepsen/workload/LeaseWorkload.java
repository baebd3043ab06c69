package dev.store.jepsen.workload;

import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.history.Recorder;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** Owners of leases that keep them alive for a while, and see them end. */
public final class LeaseWorkload extends ClientsWorkload {
    private static final int CLIENTS = 16;
    private static final Duration KEEPALIVE = Duration.ofSeconds(2);

    private final AtomicLong numbers = new AtomicLong();

    public LeaseWorkload(List<Node> nodes, Recorder recorder, Random random) {
        super(nodes, recorder, random, Crowd.of("lease", CLIENTS, 20));
    }

    @Override
    Runnable client(Random mine) {
        return () -> turn(mine);
    }

    private void turn(Random mine) {
        LeaseProcess owner = new LeaseProcess(recorder, "lease/" + numbers.incrementAndGet());
        long ttl = 1_000L + mine.nextInt(2_000);
        boolean granted = owner.tryGrant(node(mine), ttl);
        if (!granted && !owner.hasLease()) {
            return;
        }
        int renewals = granted ? mine.nextInt(6) : 0;
        for (int i = 0; i < renewals && !stopped(); i++) {
            Await.pass(Duration.ofMillis(mine.nextInt((int) ttl)));
            if (owner.keepAlive(node(mine), KEEPALIVE).equals(java.util.Optional.of(0L))) {
                break;
            }
        }
        owner.awaitGone(() -> node(mine), Await.PATIENCE);
    }

    private Node node(Random mine) {
        return nodes.get(mine.nextInt(nodes.size()));
    }
}
