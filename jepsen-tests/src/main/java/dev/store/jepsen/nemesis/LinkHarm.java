package dev.store.jepsen.nemesis;

import dev.store.jepsen.cluster.Link;
import dev.store.jepsen.cluster.NoBiteException;
import dev.store.jepsen.cluster.Node;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;

/** Connections that are slow, narrow, reset and dead. */
final class LinkHarm {
    private static final int NARROW_BYTES = 64 * 1024;
    private static final int RESETS = 5;

    private LinkHarm() {}

    static String slow(Scene scene) {
        Duration delay = Duration.ofMillis(20 + scene.random().nextInt(100));
        Duration jitter = Duration.ofMillis(1 + scene.random().nextInt(100));
        return during(scene, all(scene), Link::held, "chunks held back by " + delay.toMillis() + " ms and more", () -> {
            all(scene).forEach(link -> link.slow(delay, jitter));
            scene.last(2_000, 5_000);
        });
    }

    static String narrow(Scene scene) {
        List<Link> links = scene.cluster().leader().links();
        return during(scene, links, Link::held, "chunks held back at " + NARROW_BYTES + " bytes/s", () -> {
            links.forEach(link -> link.narrow(NARROW_BYTES));
            scene.last(2_000, 5_000);
        });
    }

    static String reset(Scene scene) {
        return during(scene, all(scene), Link::resets, "connections reset", () -> {
            for (int i = 0; i < RESETS; i++) {
                all(scene).forEach(Link::reset);
                scene.last(100, 900);
            }
        });
    }

    static String dead(Scene scene) {
        Node victim = scene.anyNode();
        List<Link> links = victim.links();
        return during(scene, links, Link::swallowed, "bytes to and from " + victim.name() + " swallowed", () -> {
            links.forEach(Link::die);
            scene.last(2_000, 6_000);
        });
    }

    private static String during(
            Scene scene, List<Link> links, ToLongFunction<Link> count, String what, Runnable harm) {
        long before = links.stream().mapToLong(count).sum();
        try {
            harm.run();
        } finally {
            all(scene).forEach(Link::heal);
        }
        long bitten = links.stream().mapToLong(count).sum() - before;
        if (bitten == 0) {
            throw new NoBiteException("0 " + what + ": the fault did not bite");
        }
        return bitten + " " + what;
    }

    private static List<Link> all(Scene scene) {
        return scene.cluster().live().stream()
                .flatMap(node -> node.links().stream())
                .toList();
    }
}
