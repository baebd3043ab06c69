package dev.store.jepsen.cluster;

import dev.store.api.v1.AddLearnerRequest;
import dev.store.api.v1.MemberRole;
import dev.store.api.v1.PromoteRequest;
import dev.store.api.v1.RemoveRequest;
import dev.store.api.v1.StatusResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of node processes on loopback, under one temporary folder. Closing it kills every process and deletes the
 * folder, whatever state they are in.
 */
public final class Cluster implements AutoCloseable {
    /** A change of the membership waits until a new member has caught up. */
    private static final Duration CALL = Duration.ofSeconds(60);

    private static final int DISK_MIB = 1024;

    private final Distribution distribution;
    private final Path folder;
    private final Layout layout;
    private final Network network;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private @Nullable Path shim;

    private Cluster(Distribution distribution, Path folder, Layout layout, Network network) {
        this.distribution = distribution;
        this.folder = folder;
        this.layout = layout;
        this.network = network;
    }

    /** Nodes n1 to n<i>size</i> with these settings of store.yaml over the defaults; none of them is started. */
    public static Cluster create(int size, Map<String, String> settings) {
        return create(Layout.plain(size, settings));
    }

    /** Nodes n1 to n<i>size</i>, none of them started. */
    public static Cluster create(Layout layout) {
        Path folder;
        try {
            folder = Files.createTempDirectory(
                    Leftovers.FOLDER + ProcessHandle.current().pid() + "-");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create a temporary folder", e);
        }
        Network network = layout.namespaces() ? Namespaces.create() : new Loopback();
        Cluster cluster = new Cluster(Distribution.find(), folder, layout, network);
        Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "jepsen-cluster-cleanup"));
        try {
            IntStream.rangeClosed(1, layout.nodes()).forEach(i -> cluster.newNode("n" + i));
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
        String members = cluster.nodes().stream()
                .map(node -> node.name() + "=" + node.memberRaftEndpoint() + "/" + node.memberClientEndpoint())
                .collect(Collectors.joining(","));
        cluster.nodes().forEach(node -> node.set("cluster.members", members));
        return cluster;
    }

    /** Such a cluster, started, with a leader and all nodes caught up. */
    public static Cluster start(int size, Map<String, String> settings) {
        return start(Layout.plain(size, settings));
    }

    /** Such a cluster, started, with a leader and all nodes caught up. */
    public static Cluster start(Layout layout) {
        Cluster cluster = create(layout);
        try {
            cluster.nodes().forEach(Node::start);
            Await.answer(Await.PATIENCE, "a leader of " + cluster, () -> {
                cluster.nodes().forEach(Node::requireRunning);
                return cluster.agreedLeader();
            });
            cluster.awaitReady(Await.PATIENCE);
            return cluster;
        } catch (RuntimeException e) {
            String logs = cluster.nodes().stream()
                    .map(node -> "---- " + node + "\n" + node.logTail(30))
                    .collect(Collectors.joining("\n"));
            cluster.close();
            throw new RigException(e.getMessage() + "\n" + logs, e);
        }
    }

    /** The folder of everything. */
    public Path folder() {
        return folder;
    }

    /** The network, if it is one that can be cut. */
    public Optional<Namespaces> namespaces() {
        return network instanceof Namespaces cuttable ? Optional.of(cuttable) : Optional.empty();
    }

    /** All nodes, running or not, in the order in which they were made. */
    public List<Node> nodes() {
        return List.copyOf(nodes.values());
    }

    /** The nodes whose process lives and is not paused. */
    public List<Node> live() {
        return nodes.values().stream()
                .filter(node -> node.isRunning() && !node.isPaused())
                .toList();
    }

    /** A node by name. */
    public Node node(String name) {
        return Optional.ofNullable(nodes.get(name))
                .orElseThrow(() -> new RigException("no node " + name + " (expected: one of " + nodes.keySet() + ")"));
    }

    /** Client endpoints of all nodes, as {@code STORE_ENDPOINTS} has them. */
    public String endpoints() {
        return nodes.values().stream().map(Node::clientEndpoint).collect(Collectors.joining(","));
    }

    /** A further node that is to join: with a folder of its own, not started and not yet a member. */
    public Node newJoiner(String name) {
        Node node = newNode(name);
        node.joinAnew();
        return node;
    }

    /** A node that the cluster may talk to: forgets it here after it was removed from the membership. */
    public void forget(Node node) {
        node.close();
        nodes.remove(node.name());
    }

    /** Waits for a leader that a majority of the live nodes follows, itself included. */
    public Node awaitLeader(Duration limit) {
        return Await.answer(limit, "a leader of " + live(), this::agreedLeader);
    }

    /** The present leader. */
    public Node leader() {
        return awaitLeader(Await.PATIENCE);
    }

    /** Live nodes that do not lead. */
    public List<Node> followers() {
        Node leader = leader();
        return live().stream().filter(node -> node != leader).toList();
    }

    /** Waits until every live node knows the leader and has applied everything that the leader has. */
    public void awaitReady(Duration limit) {
        Node leader = awaitLeader(limit);
        long revision = leader.client().status().getHeader().getRevision();
        for (Node node : live()) {
            awaitRevision(node, revision, limit);
        }
    }

    /** Waits until a node knows a leader and has reached a revision. */
    public void awaitRevision(Node node, long revision, Duration limit) {
        Await.until(limit, node + " at revision " + revision, () -> {
            StatusResponse status = node.client().status();
            return !status.getLeader().isEmpty() && status.getHeader().getRevision() >= revision;
        });
    }

    /** Adds a started node as a learner. */
    public void addLearner(Node node) {
        addLearner(leader(), node);
    }

    /** Has one member add a started node as a learner. */
    public void addLearner(Node asked, Node node) {
        asked.client()
                .cluster(CALL)
                .addLearner(AddLearnerRequest.newBuilder()
                        .setName(node.name())
                        .setClientEndpoint(node.memberClientEndpoint())
                        .setRaftEndpoint(node.memberRaftEndpoint())
                        .build());
    }

    /** Makes a learner a voter. */
    public void promote(Node node) {
        leader().client()
                .cluster(CALL)
                .promote(PromoteRequest.newBuilder().setName(node.name()).build());
    }

    /** Removes a member. */
    public void remove(Node node) {
        leader().client()
                .cluster(CALL)
                .remove(RemoveRequest.newBuilder().setName(node.name()).build());
    }

    /** Copies configurations and logs, not data, to where people find them after a failure. */
    public void keepLogs(Path target) {
        for (Node node : nodes.values()) {
            keep(node.log(), target.resolve(node.name() + ".log"));
            keep(node.log().resolveSibling("store.yaml"), target.resolve(node.name() + ".yaml"));
        }
    }

    @Override
    public void close() {
        nodes.values().forEach(Node::close);
        network.close();
        Node.deleteTree(folder);
    }

    @Override
    public String toString() {
        return "cluster " + nodes.values();
    }

    private Node newNode(String name) {
        if (nodes.containsKey(name)) {
            throw new RigException("there is a node " + name + " already");
        }
        Path home = folder.resolve(name);
        Place place = network.place(name);
        Node node = new Node(distribution, name, home, layout.settings(), place, gear(home, place));
        nodes.put(name, node);
        return node;
    }

    private Gear gear(Path home, Place place) {
        try {
            Files.createDirectories(home);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + home, e);
        }
        if (layout.shims() && shim == null) {
            shim = Shim.build(folder);
        }
        return new Gear(
                layout.disks() ? Disk.create(home, home.resolve("disk"), DISK_MIB) : null,
                shim == null ? null : Shim.create(shim, home.resolve("shim.control")),
                layout.links() ? Link.open(network.rigHost(), place.host(), place.raftPort()) : null,
                layout.links() ? Link.open(network.rigHost(), place.host(), place.clientPort()) : null,
                layout.patches());
    }

    private Optional<Node> agreedLeader() {
        List<Node> live = live();
        Map<String, Integer> votes = new LinkedHashMap<>();
        List<String> leading = new ArrayList<>();
        for (Node node : live) {
            try {
                StatusResponse status = node.client().status();
                votes.merge(status.getLeader(), 1, Integer::sum);
                if (status.getRole() == MemberRole.MEMBER_ROLE_LEADER) {
                    leading.add(node.name());
                }
            } catch (io.grpc.StatusRuntimeException e) {
                // It is starting, or was just killed: no vote.
            }
        }
        return leading.stream()
                .filter(name -> votes.getOrDefault(name, 0) * 2 > live.size())
                .map(this::node)
                .findFirst();
    }

    private static void keep(Path source, Path target) {
        if (Files.exists(source)) {
            try {
                Files.createDirectories(target.getParent());
                Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot keep " + source, e);
            }
        }
    }
}
