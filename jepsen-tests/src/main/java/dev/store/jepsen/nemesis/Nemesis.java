package dev.store.jepsen.nemesis;

import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Cluster;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.cluster.RigException;
import dev.store.jepsen.history.Recorder;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Does harm to a cluster and heals it again, as a seed decides, and demands of each fault the proof that it bit: the
 * process is gone, a paused node does not answer, another node leads. Faults are in the history, as calls of a process of
 * their own. Used by one thread.
 */
public final class Nemesis {
    private static final Duration HEAL = Await.PATIENCE;

    private final Cluster cluster;
    private final Recorder.Worker worker;
    private final Random random;
    private final List<String> log = new ArrayList<>();

    public Nemesis(Cluster cluster, Recorder recorder, Random random) {
        this.cluster = cluster;
        this.worker = recorder.worker();
        this.random = random;
    }

    /** What was done, in words. */
    public List<String> log() {
        return List.copyOf(log);
    }

    /** One fault from its beginning to its healing. */
    public void strike(Fault fault) {
        Node leader = cluster.leader();
        Node victim = fault == Fault.KILL_ONE || fault == Fault.PAUSE_ONE
                ? cluster.live().get(random.nextInt(cluster.live().size()))
                : leader;
        worker.invoke("nemesis-" + fault, victim.name(), Map.of());
        long start = System.nanoTime();
        String proof =
                switch (fault) {
                    case KILL_LEADER, KILL_ONE -> kill(victim, leader);
                    case KILL_ALL -> killAll();
                    case PAUSE_LEADER, PAUSE_ONE -> pause(victim, leader);
                };
        cluster.awaitReady(HEAL);
        worker.ok(victim.name(), Map.of("proof", proof));
        log.add(fault + " of " + victim.name() + ": " + proof + "; healed after "
                + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms");
    }

    private String kill(Node victim, Node leader) {
        long pid = victim.pid();
        victim.kill();
        String proof = "process " + pid + " is gone";
        if (victim == leader) {
            proof += ", " + anotherLeads(leader);
        }
        victim.start();
        return proof;
    }

    private String killAll() {
        cluster.nodes().forEach(Node::kill);
        cluster.nodes().forEach(Node::start);
        return cluster.nodes().size() + " processes are gone";
    }

    private String pause(Node victim, Node leader) {
        victim.pause();
        try {
            requireSilence(victim);
            return "it does not answer" + (victim == leader ? ", " + anotherLeads(leader) : "");
        } finally {
            victim.resume();
        }
    }

    private String anotherLeads(Node before) {
        Node now = Await.answer(HEAL, "another leader than " + before, () -> {
            Node found = cluster.awaitLeader(HEAL);
            return found == before ? java.util.Optional.empty() : java.util.Optional.of(found);
        });
        return now.name() + " leads";
    }

    private static void requireSilence(Node victim) {
        try {
            victim.client().status();
        } catch (StatusRuntimeException e) {
            return;
        }
        throw new RigException(victim + " answers although it is paused: the fault did not bite");
    }
}
