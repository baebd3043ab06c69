package dev.store.server.testing;

import dev.store.api.v1.ClusterGrpc;
import dev.store.api.v1.DiscoveryGrpc;
import dev.store.api.v1.KVGrpc;
import dev.store.api.v1.LeaseGrpc;
import dev.store.api.v1.MaintenanceGrpc;
import dev.store.api.v1.MemberRole;
import dev.store.api.v1.TransferLeadershipRequest;
import dev.store.api.v1.WatchGrpc;
import dev.store.server.StoreServer;
import dev.store.server.config.ConfigLoader;
import dev.store.server.config.ConfigSources;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Real servers in this process, on real sockets and disks: the only difference to a cluster is the shared JVM. */
public final class TestCluster implements AutoCloseable {
    private static final int MAX_ANSWER_BYTES = 64 << 20;
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final AtomicInteger NEXT_PORT = new AtomicInteger(10_000 * Integer.getInteger("test.fork", 1)
            + ThreadLocalRandom.current().nextInt(8_000));

    private final Path folder;
    private final Map<String, String> settings;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Forwarder> forwarders = new ArrayList<>();

    private TestCluster(Path folder, Map<String, String> settings) {
        this.folder = folder;
        this.settings = settings;
    }

    /** Starts a cluster and waits until all its members are ready. */
    public static TestCluster start(Path folder, int size, Map<String, String> settings) throws IOException {
        TestCluster cluster = new TestCluster(folder, settings);
        for (int i = 1; i <= size; i++) {
            cluster.nodes.add(new Node("n" + i, freePort(), freePort()));
        }
        try {
            for (Node node : cluster.nodes) {
                cluster.startNode(node, Map.of("cluster.members", cluster.memberList()));
            }
            cluster.awaitReady();
        } catch (IOException | RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    /** Starts a cluster whose members reach each other's Raft ports by forwarders only, as through mapped ports. */
    public static TestCluster startBehindForwarders(Path folder, int size) throws IOException {
        TestCluster cluster = new TestCluster(folder, Map.of());
        try {
            for (int i = 1; i <= size; i++) {
                int listen = freePort();
                Forwarder forwarder = Forwarder.to(listen);
                cluster.forwarders.add(forwarder);
                Node node = new Node("n" + i, forwarder.port(), freePort());
                node.raftListenPort = listen;
                cluster.nodes.add(node);
            }
            for (Node node : cluster.nodes) {
                cluster.startNode(node, Map.of("cluster.members", cluster.memberList()));
            }
            cluster.awaitReady();
        } catch (IOException | RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    /** Starts one more node that waits to be added. */
    public Node startJoining(String name) throws IOException {
        Node node = new Node(name, freePort(), freePort());
        nodes.add(node);
        startNode(node, Map.of("cluster.join", "true"));
        return node;
    }

    /** Starts a stopped node again on its data. */
    public void restart(Node node) throws IOException {
        startNode(node, Map.of("cluster.members", memberList()));
    }

    public List<Node> nodes() {
        return nodes;
    }

    public Node node(int index) {
        return nodes.get(index);
    }

    /** The node that leads. */
    public Node leader() {
        await("a leader", () -> findLeader() != null);
        Node leader = findLeader();
        if (leader == null) {
            throw new AssertionError("the leader went away again");
        }
        return leader;
    }

    /** A running node that does not lead. */
    public Node follower() {
        Node leader = leader();
        return nodes.stream()
                .filter(node -> node.server != null && node != leader)
                .findFirst()
                .orElseThrow();
    }

    /** Has a node lead. */
    public void handLeadershipTo(Node target) {
        awaitServed("a transfer of leadership", () -> {
            String leader = leader().cluster()
                    .transferLeadership(TransferLeadershipRequest.newBuilder()
                            .setName(target.name())
                            .build())
                    .getLeader();
            if (!leader.equals(target.name())) {
                throw new AssertionError("asked for " + target.name() + " to lead, answered " + leader);
            }
        });
        await("the target leads", () -> leader() == target);
    }

    /** Calls until it is served; a member that a busy machine keeps from catching up in time says that it is not ready. */
    public static void awaitServed(String what, Runnable call) {
        await(what, () -> {
            try {
                call.run();
                return true;
            } catch (StatusRuntimeException e) {
                if (e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
                    throw e;
                }
                return false;
            }
        });
    }

    public void awaitReady() {
        await("all nodes ready", () -> nodes.stream().allMatch(Node::ready));
    }

    /** Waits until something holds, for at most 30 s. */
    public static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within 30 s: " + what);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
    }

    @Override
    public void close() {
        nodes.parallelStream().forEach(Node::stop);
        forwarders.forEach(Forwarder::close);
    }

    private @Nullable Node findLeader() {
        return nodes.stream()
                .filter(node ->
                        node.server != null && node.server.replica().info().role() == MemberRole.MEMBER_ROLE_LEADER)
                .findFirst()
                .orElse(null);
    }

    private void startNode(Node node, Map<String, String> membership) throws IOException {
        Map<String, String> flags = new LinkedHashMap<>(settings);
        flags.putAll(membership);
        flags.put("node.name", node.name);
        flags.put("node.data", folder.resolve(node.name).toString());
        flags.put("client.listen", node.clientEndpoint());
        flags.put("raft.listen", "127.0.0.1:" + node.raftListenPort);
        flags.put("raft.advertise", node.raftEndpoint());
        node.server = StoreServer.start(
                ConfigLoader.load(new ConfigSources(null, Map.of(), flags)).config(), (reason, cause) -> {
                    node.fatal = reason;
                });
    }

    private String memberList() {
        StringBuilder list = new StringBuilder();
        for (Node node : nodes) {
            list.append(list.isEmpty() ? "" : ",")
                    .append(node.name + "=" + node.raftEndpoint() + "/" + node.clientEndpoint());
        }
        return list.toString();
    }

    /**
     * A free port, never given out before. It lies below the range from which the kernel takes ports of outgoing
     * connections, and in this JVM's part of it, so that a member that is started again finds its port free.
     */
    private static int freePort() {
        while (true) {
            try (ServerSocket socket = new ServerSocket(NEXT_PORT.getAndIncrement(), 1, LOOPBACK)) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // Somebody else listens there; the next one, then.
            }
        }
    }

    /** One server and a connection to it. */
    public static final class Node {
        private final String name;
        private final int raftPort;
        private final int clientPort;
        private int raftListenPort;
        private volatile @Nullable StoreServer server;
        private volatile @Nullable String fatal;
        private @Nullable ManagedChannel channel;

        private Node(String name, int raftPort, int clientPort) {
            this.name = name;
            this.raftPort = raftPort;
            this.raftListenPort = raftPort;
            this.clientPort = clientPort;
        }

        public String name() {
            return name;
        }

        public String clientEndpoint() {
            return "127.0.0.1:" + clientPort;
        }

        public String raftEndpoint() {
            return "127.0.0.1:" + raftPort;
        }

        /** What a fatal failure said; null if there was none. */
        public @Nullable String fatal() {
            return fatal;
        }

        public StoreServer server() {
            StoreServer running = server;
            if (running == null) {
                throw new IllegalStateException(name + " does not run");
            }
            return running;
        }

        public boolean ready() {
            StoreServer running = server;
            return running != null && running.replica().info().ready();
        }

        public long revision() {
            return server().replica().info().revision();
        }

        /** Stops the node as SIGTERM would. */
        public void stop() {
            // The server first: its callers are to see how it ends their calls.
            StoreServer running = server;
            server = null;
            if (running != null) {
                running.close();
            }
            ManagedChannel open = channel;
            if (open != null) {
                open.shutdownNow();
                channel = null;
            }
        }

        public synchronized ManagedChannel channel() {
            if (channel == null) {
                channel = NettyChannelBuilder.forAddress("127.0.0.1", clientPort)
                        .usePlaintext()
                        .maxInboundMessageSize(MAX_ANSWER_BYTES)
                        .build();
            }
            return channel;
        }

        public KVGrpc.KVBlockingStub kv() {
            return KVGrpc.newBlockingStub(channel()).withDeadlineAfter(Duration.ofSeconds(20));
        }

        public WatchGrpc.WatchStub watch() {
            return WatchGrpc.newStub(channel());
        }

        public LeaseGrpc.LeaseBlockingStub leases() {
            return LeaseGrpc.newBlockingStub(channel()).withDeadlineAfter(Duration.ofSeconds(20));
        }

        public ClusterGrpc.ClusterBlockingStub cluster() {
            return ClusterGrpc.newBlockingStub(channel()).withDeadlineAfter(Duration.ofSeconds(60));
        }

        public DiscoveryGrpc.DiscoveryBlockingStub discovery() {
            return DiscoveryGrpc.newBlockingStub(channel()).withDeadlineAfter(Duration.ofSeconds(20));
        }

        public MaintenanceGrpc.MaintenanceBlockingStub maintenance() {
            return MaintenanceGrpc.newBlockingStub(channel()).withDeadlineAfter(Duration.ofSeconds(20));
        }
    }
}
