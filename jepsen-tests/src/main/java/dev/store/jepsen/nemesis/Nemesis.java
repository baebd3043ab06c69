package dev.store.jepsen.nemesis;

import dev.store.jepsen.cluster.Cluster;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.cluster.RigException;
import dev.store.jepsen.history.Recorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Does harm to a cluster and heals it again, as a seed decides, and demands of each fault the proof that it bit. Faults are
 * in the history, as calls of a process of their own. Used by one thread.
 */
public final class Nemesis {
    private final Scene scene;
    private final Recorder.Worker worker;
    private final List<String> log = new ArrayList<>();
    private boolean mayStop;

    public Nemesis(Cluster cluster, Recorder recorder, Random random) {
        this.scene = new Scene(cluster, random, new Moments(recorder::nanos));
        this.worker = recorder.worker();
    }

    /** What was done, in words. */
    public List<String> log() {
        return List.copyOf(log);
    }

    /**
     * Brings everything back that has stopped by itself since, as after damage that was noticed late, and waits until the
     * cluster is whole.
     *
     * @throws RigException if a node stopped for which no fault was a reason, or the cluster does not become whole
     */
    public void mend() {
        for (Node node : scene.cluster().nodes()) {
            if (node.isRunning() || node.name().equals(MemberHarm.FURTHER)) {
                continue;
            }
            if (!mayStop) {
                throw new RigException(node + " has stopped by itself; its log ends:\n" + node.logTail(30));
            }
            log.add(node.name() + " had stopped by itself: " + FileHarm.restart(scene.cluster(), node));
        }
        scene.cluster().awaitReady(Scene.HEAL);
    }

    /** One fault from its beginning until the cluster is whole again. */
    public void strike(Fault fault) {
        worker.invoke("nemesis-" + fault.word(), null, Map.of());
        long start = System.nanoTime();
        scene.moments().clear();
        try {
            mend();
            mayStop |= fault.mayStopNodes();
            String proof = fault.harm().inflict(scene);
            scene.cluster().awaitReady(Scene.HEAL);
            Map<String, Object> facts = new HashMap<>(scene.moments().facts());
            facts.put("proof", proof);
            worker.ok(null, facts);
            log.add(fault.word() + ": " + proof + "; whole again after "
                    + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms");
        } catch (RigException e) {
            worker.info(String.valueOf(e.getMessage()), Map.of());
            throw e;
        }
    }
}
