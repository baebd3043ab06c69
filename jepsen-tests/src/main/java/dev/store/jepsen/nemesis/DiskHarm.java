package dev.store.jepsen.nemesis;

import dev.store.jepsen.cluster.NoBiteException;
import dev.store.jepsen.cluster.Node;
import java.util.List;
import java.util.stream.Collectors;

/** Disks that are full, and power that is lost. */
final class DiskHarm {
    private static final long MIB = 1024 * 1024;

    private DiskHarm() {}

    static String fill(Scene scene) {
        Node victim = scene.anyNode();
        victim.disk().fill();
        try {
            long free = victim.disk().freeBytes();
            if (free > MIB) {
                throw new NoBiteException(free + " bytes free on " + victim + ": the fault did not bite");
            }
            scene.last(3_000, 6_000);
            return victim.name() + " had " + free + " bytes free, and " + (victim.isRunning() ? "runs" : "has stopped");
        } finally {
            victim.disk().free();
            scene.last(500, 1_000);
            if (!victim.isRunning()) {
                victim.start();
            }
        }
    }

    static String powerLossOfOne(Scene scene) {
        return losePower(scene, List.of(scene.anyNode()));
    }

    static String powerLossOfAll(Scene scene) {
        return losePower(scene, scene.cluster().live());
    }

    private static String losePower(Scene scene, List<Node> victims) {
        scene.moments().during(() -> victims.parallelStream().forEach(Node::kill));
        String proof = victims.stream()
                .map(node -> node.name() + ": " + node.losePower())
                .collect(Collectors.joining("; "));
        scene.last(0, 1_000);
        victims.forEach(Node::start);
        return proof;
    }
}
