package dev.store.jepsen.workload;

import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.cluster.NodeClient;
import dev.store.jepsen.history.Recorder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/** A workload of equal clients, each with random choices of its own, that take turns until they are told to stop. */
abstract class ClientsWorkload implements Workload {
    final List<Node> nodes;
    final Recorder recorder;
    final Random random;
    private final Crowd crowd;
    private final Clients clients = new Clients();

    /**
     * Its clients.
     *
     * @param name of their threads
     * @param clients how many
     * @param pause between two turns of one client
     */
    record Crowd(String name, int clients, Duration pause) {
        static Crowd of(String name, int clients, int pauseMs) {
            return new Crowd(name, clients, Duration.ofMillis(pauseMs));
        }
    }

    ClientsWorkload(List<Node> nodes, Recorder recorder, Random random, Crowd crowd) {
        this.nodes = nodes;
        this.recorder = recorder;
        this.random = random;
        this.crowd = crowd;
    }

    /** Makes the turn of a client, which is then taken again and again. */
    abstract Runnable client(Random mine);

    @Override
    public void start() {
        clients.start(crowd.name(), crowd.clients(), crowd.pause(), random, this::client);
    }

    @Override
    public void close() {
        clients.close();
    }

    /** Whether clients are to end their turns. */
    final boolean stopped() {
        return clients.stopped();
    }

    final Caller newCaller(Random mine) {
        return new Caller(nodes, recorder, mine);
    }

    /** Reads as often as there are nodes, each time until it succeeds. */
    final void lastReads(String f, Function<NodeClient, Caller.Answer> read) {
        Caller caller = newCaller(random);
        for (int i = 0; i < nodes.size(); i++) {
            Await.until(Await.PATIENCE, "a last " + f, () -> caller.look(f, null, Map.of(), read)
                    .isPresent());
        }
    }
}
