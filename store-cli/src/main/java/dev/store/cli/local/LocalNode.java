package dev.store.cli.local;

import dev.store.cli.call.Endpoint;
import java.nio.file.Path;

/**
 * One node of a local cluster.
 *
 * @param number 1, 2, …
 * @param folder everything of the node
 * @param clientPort the first of its ports
 */
public record LocalNode(int number, Path folder, int clientPort) {
    /** How far the ports of one node are from those of the next; the plan of ports is in docs/cli.md. */
    static final int PORTS_PER_NODE = 10;

    static final String HOST = "127.0.0.1";

    /** Its name in the cluster. */
    public String name() {
        return "node" + number;
    }

    /** Where it listens for clients. */
    public Endpoint endpoint() {
        return new Endpoint(HOST, clientPort);
    }

    /** Where it listens for other members. */
    Endpoint raftEndpoint() {
        return new Endpoint(HOST, clientPort + 1);
    }

    Path config() {
        return folder.resolve("store.yaml");
    }

    Path data() {
        return folder.resolve("data");
    }

    /** What the process prints. */
    public Path log() {
        return folder.resolve("store.log");
    }

    Path pidFile() {
        return folder.resolve("pid");
    }
}
