package dev.store.jepsen.nemesis;

import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.NoBiteException;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.cluster.Shim;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;

/** Wall clocks that jump, and syncs that are slow or fail. */
final class ShimHarm {
    private static final int HOUR_SECONDS = 3_600;

    private ShimHarm() {}

    static String jump(Scene scene) {
        List<Node> nodes = scene.cluster().live();
        StringBuilder how = new StringBuilder("times told, clocks off by");
        for (Node node : nodes) {
            int seconds = scene.random().nextInt(2 * HOUR_SECONDS + 1) - HOUR_SECONDS;
            // Not for a moment what it was, so that each of them bites.
            int off = seconds == 0 ? HOUR_SECONDS : seconds;
            how.append(' ').append(node.name()).append(':').append(off).append('s');
            node.shim().shiftClock(Duration.ofSeconds(off));
        }
        return healed(scene, nodes, Shim::shifted, how.toString());
    }

    static String strobe(Scene scene) {
        Node leader = scene.cluster().leader();
        Duration by = Duration.ofSeconds(scene.random().nextBoolean() ? HOUR_SECONDS : -HOUR_SECONDS);
        long before = leader.shim().shifted();
        leader.shim().strobeClock(by, Duration.ofMillis(500));
        scene.last(3_000, 5_000);
        leader.shim().heal();
        return bitten(before, leader.shim().shifted(), "times told, " + by + " off every other half second");
    }

    static String slowSyncs(Scene scene) {
        List<Node> victims = scene.random().nextBoolean()
                ? List.of(scene.cluster().leader())
                : scene.cluster().live();
        Duration by = Duration.ofMillis(50 + scene.random().nextInt(750));
        long before = sum(victims, Shim::delayed);
        victims.forEach(node -> node.shim().slowSyncs(by));
        scene.last(3_000, 6_000);
        victims.forEach(node -> node.shim().heal());
        return bitten(
                before,
                sum(victims, Shim::delayed),
                "syncs of " + ProcessHarm.names(victims) + " took " + by.toMillis() + " ms more");
    }

    /** A node whose sync failed must stop: what it had not synced may never reach the disk, whatever the next one says. */
    static String failSync(Scene scene) {
        Node victim = scene.anyNode();
        long before = victim.shim().failed();
        victim.shim().failSyncs(1);
        try {
            Await.until(
                    Duration.ofSeconds(20),
                    "a failed sync of " + victim,
                    () -> victim.shim().failed() > before);
            int code = victim.awaitExit(Duration.ofSeconds(30));
            return "a sync failed, and " + victim.name() + " ended with " + code;
        } finally {
            victim.shim().heal();
            if (!victim.isRunning()) {
                victim.start();
            }
        }
    }

    private static String healed(Scene scene, List<Node> nodes, ToLongFunction<Shim> count, String what) {
        long before = sum(nodes, count);
        scene.last(3_000, 6_000);
        nodes.forEach(node -> node.shim().heal());
        return bitten(before, sum(nodes, count), what);
    }

    private static long sum(List<Node> nodes, ToLongFunction<Shim> count) {
        return nodes.stream().mapToLong(node -> count.applyAsLong(node.shim())).sum();
    }

    private static String bitten(long before, long after, String what) {
        if (after == before) {
            throw new NoBiteException("0 " + what + ": the fault did not bite");
        }
        return (after - before) + " " + what;
    }
}
