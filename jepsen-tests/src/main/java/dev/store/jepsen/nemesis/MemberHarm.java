package dev.store.jepsen.nemesis;

import dev.store.api.v1.TransferLeadershipRequest;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Cluster;
import dev.store.jepsen.cluster.Node;
import java.time.Duration;
import java.util.List;

/** Leaders that hand over, and members that come and go. */
final class MemberHarm {
    /** Name of the node that comes and goes. */
    static final String FURTHER = "n9";

    private static final Duration CALL = Duration.ofSeconds(10);

    private MemberHarm() {}

    static String transfer(Scene scene) {
        Node before = scene.cluster().leader();
        List<Node> others = scene.shuffled();
        others.remove(before);
        Node chosen = others.get(0);
        // Refused for a moment when the chosen one has not caught up.
        Await.until(Scene.HEAL, "a transfer of leadership to " + chosen, () -> {
            if (scene.cluster().awaitLeader(Scene.HEAL) != chosen) {
                return scene.cluster()
                        .awaitLeader(Scene.HEAL)
                        .client()
                        .cluster(CALL)
                        .transferLeadership(TransferLeadershipRequest.newBuilder()
                                .setName(chosen.name())
                                .build())
                        .isInitialized();
            }
            return true;
        });
        return scene.anotherLeads(before);
    }

    static String replace(Scene scene) {
        Cluster cluster = scene.cluster();
        Node victim = scene.anyNode();
        long pid = victim.pid();
        victim.kill();
        cluster.awaitReady(Scene.HEAL);
        Members.replace(cluster, victim);
        return "process " + pid + " is gone, " + victim.name() + " is a voter again with an empty folder";
    }

    static String addAndRemove(Scene scene) {
        Cluster cluster = scene.cluster();
        Node further = cluster.nodes().stream()
                .filter(node -> node.name().equals(FURTHER))
                .findFirst()
                .orElseGet(() -> cluster.newJoiner(FURTHER));
        further.wipe();
        further.start();
        Members.join(cluster, further);
        scene.last(500, 2_000);
        Members.remove(cluster, further);
        int code = further.awaitExit(Scene.HEAL);
        return FURTHER + " was a voter, was removed and ended with " + code;
    }
}
