package dev.store.jepsen.workload;

import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.history.Recorder;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that read, write, compare-and-set and delete a few keys, each call at a random node, healthy or not. Their
 * values are unique, so that every change can be traced to who asked for it.
 */
public final class RegisterTraffic implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final List<Node> nodes;
    private final Recorder recorder;
    private final String prefix;
    private final int keys;
    private final AtomicLong values = new AtomicLong();
    private final Clients clients = new Clients();

    /**
     * Traffic that is not started yet.
     *
     * @param prefix of its keys
     * @param keys how many
     */
    public RegisterTraffic(List<Node> nodes, Recorder recorder, String prefix, int keys) {
        this.nodes = List.copyOf(nodes);
        this.recorder = recorder;
        this.prefix = prefix;
        this.keys = keys;
    }

    /** Starts clients that pause so long between two calls. */
    public void start(int count, Duration pause, Random seeds) {
        clients.start("register", count, pause, seeds, random -> {
            Client client = new Client(random);
            return client::turn;
        });
    }

    /** Lets every client finish the call it is in. */
    @Override
    public void close() {
        clients.close();
    }

    private final class Client {
        private final KvProcess process = new KvProcess(recorder, DEADLINE);
        private final Random random;
        private String last = "";

        Client(Random random) {
            this.random = random;
        }

        void turn() {
            Node node = nodes.get(random.nextInt(nodes.size()));
            String key = prefix + random.nextInt(keys);
            String value = "v" + values.incrementAndGet();
            int dice = random.nextInt(100);
            if (dice < 35) {
                process.read(node, key);
            } else if (dice < 45) {
                process.localRead(node, key);
            } else if (dice < 75) {
                process.write(node, key, value);
                last = value;
            } else if (dice < 95) {
                process.cas(node, key, last, value);
            } else {
                process.delete(node, key);
            }
        }
    }
}
