package dev.store.jepsen.nemesis;

import dev.store.jepsen.cluster.NoBiteException;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.cluster.RigException;
import java.time.Duration;
import java.util.List;

/** Processes that are killed, stopped and restarted. */
final class ProcessHarm {
    private static final Duration TERMINATION = Duration.ofSeconds(30);

    private ProcessHarm() {}

    static String killLeader(Scene scene) {
        Node leader = scene.cluster().leader();
        scene.moments().during(leader::kill);
        String proof = gone(List.of(leader)) + ", " + scene.anotherLeads(leader);
        leader.start();
        return proof;
    }

    static String killOne(Scene scene) {
        return killAndRestart(scene, List.of(scene.anyNode()));
    }

    static String killMajority(Scene scene) {
        return killAndRestart(scene, scene.majority());
    }

    static String killAll(Scene scene) {
        return killAndRestart(scene, scene.cluster().live());
    }

    static String pauseLeader(Scene scene) {
        Node leader = scene.cluster().leader();
        scene.moments().during(leader::pause);
        try {
            requireSilence(leader);
            return leader.name() + " does not answer, " + scene.anotherLeads(leader);
        } finally {
            leader.resume();
        }
    }

    static String pauseOne(Scene scene) {
        return pause(scene, List.of(scene.anyNode()));
    }

    static String pauseMajority(Scene scene) {
        return pause(scene, scene.majority());
    }

    static String pauseAll(Scene scene) {
        return pause(scene, scene.cluster().live());
    }

    static String rollingRestart(Scene scene) {
        StringBuilder proof = new StringBuilder("ended with");
        for (Node node : scene.shuffled()) {
            int code = node.terminate(TERMINATION);
            proof.append(' ').append(node.name()).append(':').append(code);
            if (code != 0) {
                throw new RigException(
                        node + " ended with " + code + " on SIGTERM (expected: 0); its log ends:\n" + node.logTail(20));
            }
            node.start();
            scene.cluster().awaitReady(Scene.HEAL);
        }
        return proof.toString();
    }

    private static String killAndRestart(Scene scene, List<Node> victims) {
        scene.moments().during(() -> victims.forEach(Node::kill));
        String proof = gone(victims);
        scene.last(0, 2_000);
        victims.forEach(Node::start);
        return proof;
    }

    private static String pause(Scene scene, List<Node> victims) {
        victims.forEach(Node::pause);
        try {
            victims.forEach(ProcessHarm::requireSilence);
            scene.last(100, 4_000);
            return names(victims) + " did not answer";
        } finally {
            victims.forEach(Node::resume);
        }
    }

    private static String gone(List<Node> victims) {
        for (Node victim : victims) {
            if (victim.isRunning()) {
                throw new NoBiteException(victim + " runs although it was killed: the fault did not bite");
            }
        }
        return names(victims) + " gone";
    }

    static String names(List<Node> nodes) {
        return String.join(", ", nodes.stream().map(Node::name).toList());
    }

    private static void requireSilence(Node victim) {
        if (Scene.answers(victim)) {
            throw new NoBiteException(victim + " answers although it is paused: the fault did not bite");
        }
    }
}
