package dev.store.jepsen.nemesis;

import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Cluster;
import dev.store.jepsen.cluster.Node;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * What a fault works on.
 *
 * @param cluster the cluster, healthy when a fault begins
 * @param random decides everything that is left to chance
 * @param moments takes when the harm is done
 */
record Scene(Cluster cluster, Random random, Moments moments) {
    static final Duration HEAL = Duration.ofSeconds(90);

    Node anyNode() {
        List<Node> live = cluster.live();
        return live.get(random.nextInt(live.size()));
    }

    /** More than half of the live nodes, in random order. */
    List<Node> majority() {
        List<Node> nodes = shuffled();
        return nodes.subList(0, nodes.size() / 2 + 1);
    }

    List<Node> shuffled() {
        List<Node> nodes = new ArrayList<>(cluster.live());
        Collections.shuffle(nodes, random);
        return nodes;
    }

    /** Lets a fault last for a random time. */
    void last(int fromMs, int toMs) {
        Await.pass(Duration.ofMillis(fromMs + random.nextInt(toMs - fromMs)));
    }

    /** The proof that another node leads than before. */
    String anotherLeads(Node before) {
        Node now = Await.answer(HEAL, "another leader than " + before, () -> {
            Node found = cluster.awaitLeader(HEAL);
            return found == before ? Optional.empty() : Optional.of(found);
        });
        return now.name() + " leads instead of " + before.name();
    }

    /** Whether it answers at all. */
    static boolean answers(Node node) {
        try {
            return node.client().status().isInitialized();
        } catch (StatusRuntimeException e) {
            return false;
        }
    }
}
