package dev.store.jepsen.nemesis;

import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Namespaces;
import dev.store.jepsen.cluster.NoBiteException;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.cluster.RigException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Networks that are cut, and lose packets; the proof is that packets were dropped. */
final class CutHarm {
    private static final int FLAPS = 8;
    private static final int LOSS_PERCENT = 20;

    private CutHarm() {}

    static String leader(Scene scene) {
        Node leader = scene.cluster().leader();
        List<Node> others = new ArrayList<>(scene.cluster().live());
        others.remove(leader);
        return cut(scene, () -> separate(scene, List.of(leader), others), () -> scene.anotherLeads(leader));
    }

    static String one(Scene scene) {
        Node victim = scene.anyNode();
        List<Node> others = new ArrayList<>(scene.cluster().live());
        others.remove(victim);
        return cut(scene, () -> separate(scene, List.of(victim), others), () -> victim.name() + " was alone");
    }

    static String halves(Scene scene) {
        Node leader = scene.cluster().leader();
        List<Node> others = scene.shuffled();
        others.remove(leader);
        int smaller = (others.size() + 1) / 2;
        List<Node> minority = new ArrayList<>(others.subList(0, smaller - 1));
        minority.add(leader);
        List<Node> majority = others.subList(smaller - 1, others.size());
        return cut(scene, () -> separate(scene, minority, majority), () -> scene.anotherLeads(leader));
    }

    /** With nodes in a circle, each keeps the nearest ones that make a majority with it, half on each side. */
    static String ring(Scene scene) {
        List<Node> circle = scene.shuffled();
        return circle.size() == 3 ? bridge(scene, circle) : ring(scene, circle);
    }

    private static String ring(Scene scene, List<Node> circle) {
        int size = circle.size();
        int near = size / 4;
        return cut(
                scene,
                () -> {
                    for (int i = 0; i < size; i++) {
                        for (int j = 0; j < size; j++) {
                            int distance = Math.min(Math.floorMod(i - j, size), Math.floorMod(j - i, size));
                            if (distance > near) {
                                network(scene).cut(circle.get(i), circle.get(j));
                            }
                        }
                    }
                },
                () -> "each of " + ProcessHarm.names(circle) + " saw only its neighbors");
    }

    /**
     * Three in a circle are all neighbors: instead two of them see only the third. One of the two is the leader, because
     * two followers have nothing to say to each other, and nobody would notice.
     */
    private static String bridge(Scene scene, List<Node> three) {
        Node leader = scene.cluster().leader();
        List<Node> followers = new ArrayList<>(three);
        followers.remove(leader);
        Node apart = followers.get(0);
        return cut(
                scene,
                () -> separate(scene, List.of(leader), List.of(apart)),
                () -> leader.name() + " and " + apart.name() + " saw only "
                        + followers.get(1).name());
    }

    static String oneWay(Scene scene) {
        Node leader = scene.cluster().leader();
        return cut(
                scene,
                () -> scene.cluster().live().stream()
                        .filter(node -> node != leader)
                        .forEach(node -> network(scene).cut(leader, node)),
                () -> scene.anotherLeads(leader));
    }

    static String flapping(Scene scene) {
        Node victim = scene.cluster().leader();
        List<Node> others = new ArrayList<>(scene.cluster().live());
        others.remove(victim);
        long before = dropped(scene);
        try {
            for (int i = 0; i < FLAPS; i++) {
                separate(scene, List.of(victim), others);
                scene.last(100, 1_200);
                network(scene).heal();
                scene.last(50, 600);
            }
        } finally {
            network(scene).heal();
        }
        return dropProof(scene, before) + ", " + victim.name() + " cut off " + FLAPS + " times";
    }

    static String lossy(Scene scene) {
        return cut(
                scene,
                () -> {
                    for (Node from : scene.cluster().live()) {
                        for (Node to : scene.cluster().live()) {
                            if (from != to) {
                                network(scene).lose(from, to, LOSS_PERCENT);
                            }
                        }
                    }
                },
                () -> {
                    Await.pass(Duration.ofSeconds(3));
                    return LOSS_PERCENT + " % lost";
                });
    }

    private interface Effect {
        String await();
    }

    private static String cut(Scene scene, Runnable how, Effect effect) {
        long before = dropped(scene);
        try {
            scene.moments().during(how);
            String seen = effect.await();
            scene.last(500, 3_500);
            return dropProof(scene, before) + ", " + seen;
        } finally {
            network(scene).heal();
        }
    }

    private static void separate(Scene scene, List<Node> some, List<Node> others) {
        for (Node a : some) {
            for (Node b : others) {
                network(scene).cut(a, b);
                network(scene).cut(b, a);
            }
        }
    }

    private static String dropProof(Scene scene, long before) {
        long now = dropped(scene);
        if (now == before) {
            throw new NoBiteException("no packet was dropped: the fault did not bite");
        }
        return (now - before) + " packets dropped";
    }

    private static long dropped(Scene scene) {
        return scene.cluster().live().stream()
                .mapToLong(network(scene)::dropped)
                .sum();
    }

    private static Namespaces network(Scene scene) {
        return scene.cluster()
                .namespaces()
                .orElseThrow(() -> new RigException("the nodes are not in network namespaces"));
    }
}
