package dev.store.cli.local;

import dev.store.cli.ExitCode;
import dev.store.cli.call.Endpoint;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.StringJoiner;

/**
 * How a local cluster is laid out; kept in its folder so that every later command finds it as it was started.
 *
 * @param folder where everything is
 * @param size number of nodes
 * @param basePort first port of the first node
 */
public record Plan(Path folder, int size, int basePort) {
    /** Most nodes on one machine. */
    public static final int NODES_MAX = 9;

    private static final int PORT_MIN = 1024;
    private static final int PORT_MAX = 65_535;
    private static final String FILE = "cluster.properties";

    public Plan {
        if (size < 1 || size > NODES_MAX) {
            throw new IllegalArgumentException("--nodes: " + size + " (expected: 1 to " + NODES_MAX + ")");
        }
        int last = PORT_MAX - LocalNode.PORTS_PER_NODE * size;
        if (basePort < PORT_MIN || basePort > last) {
            throw new IllegalArgumentException(
                    "--base-port: " + basePort + " (expected: " + PORT_MIN + " to " + last + ")");
        }
    }

    /** The nodes, in order of their number. */
    public List<LocalNode> nodes() {
        List<LocalNode> nodes = new ArrayList<>();
        for (int number = 1; number <= size; number++) {
            nodes.add(node(number));
        }
        return nodes;
    }

    /** The node with a number. */
    public LocalNode node(int number) {
        if (number < 1 || number > size) {
            throw new IllegalArgumentException("node: " + number + " (expected: 1 to " + size + ")");
        }
        return new LocalNode(
                number, folder.resolve("node" + number), basePort + LocalNode.PORTS_PER_NODE * (number - 1));
    }

    /** Where clients reach the nodes. */
    public List<Endpoint> endpoints() {
        return nodes().stream().map(LocalNode::endpoint).toList();
    }

    /** The endpoints as {@code --endpoints} takes them. */
    public String endpointText() {
        StringJoiner text = new StringJoiner(",");
        endpoints().forEach(endpoint -> text.add(endpoint.toString()));
        return text.toString();
    }

    /** The plan kept in a folder; empty if there is none. */
    public static Optional<Plan> read(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Properties properties = new Properties();
            properties.load(new StringReader(Files.readString(file)));
            return Optional.of(new Plan(folder, number(properties, "nodes"), number(properties, "base-port")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalArgumentException e) {
            throw new LocalFailure(
                    "CLUSTER_DAMAGED",
                    file + " cannot be read: " + e.getMessage(),
                    "Remove the folder, or name another with --dir.",
                    ExitCode.FAILED);
        }
    }

    private static int number(Properties properties, String name) {
        String text = properties.getProperty(name, "");
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + ": \"" + text + "\" (expected: a number)");
        }
    }

    /** Keeps the plan and the configuration of each node. */
    void write() throws IOException {
        for (LocalNode node : nodes()) {
            Files.createDirectories(node.folder());
            Files.writeString(node.config(), config(node));
        }
        Files.writeString(folder.resolve(FILE), "nodes=" + size + "\nbase-port=" + basePort + "\n");
    }

    private String config(LocalNode node) {
        StringBuilder yaml = new StringBuilder();
        yaml.append("# Written by `store cluster start`; later starts leave it as it is.\n");
        yaml.append("node:\n  name: ").append(node.name()).append("\n  data: ");
        yaml.append(quoted(node.data().toString())).append('\n');
        yaml.append("client:\n  listen: ").append(node.endpoint()).append('\n');
        yaml.append("raft:\n  listen: ").append(node.raftEndpoint()).append('\n');
        yaml.append("cluster:\n  name: local\n  members:\n");
        for (LocalNode member : nodes()) {
            yaml.append("    - ").append(member.name()).append('=').append(member.raftEndpoint());
            yaml.append('/').append(member.endpoint()).append('\n');
        }
        return yaml.toString();
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
