package dev.store.server.training;

import dev.store.api.v1.MemberRole;
import dev.store.server.StoreServer;
import dev.store.server.config.ConfigLoader;
import dev.store.server.config.ConfigSources;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Three nodes in this process, for what only followers, or only leaders of somebody, load. */
final class TrainingCluster implements Closeable {
    private static final int SIZE = 3;
    private static final long POLL_NANOS = 5_000_000;

    private final Path folder;
    private final List<Integer> ports;
    private final List<StoreServer> nodes = new ArrayList<>();

    private TrainingCluster(Path folder, List<Integer> ports) {
        this.folder = folder;
        this.ports = ports;
    }

    static TrainingCluster start(Path folder) throws IOException {
        TrainingCluster cluster = new TrainingCluster(Files.createDirectory(folder), freePorts(2 * SIZE));
        try {
            for (int i = 0; i < SIZE; i++) {
                cluster.nodes.add(cluster.node(i));
            }
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** Addresses for clients. */
    List<String> endpoints() {
        return IntStream.range(0, SIZE).mapToObj(this::clientEndpoint).toList();
    }

    /** Returns when all nodes know a leader and have what it had. */
    void awaitReady() {
        while (!nodes.stream().allMatch(node -> node.replica().info().ready())) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** The leader first, which hands over; the last one finds out that it leads nobody before it could try that in vain. */
    @Override
    public void close() throws IOException {
        while (!nodes.isEmpty()) {
            boolean all = nodes.size() == SIZE;
            while (nodes.size() == 1 && leads(nodes.get(0))) {
                LockSupport.parkNanos(POLL_NANOS);
            }
            StoreServer next = nodes.stream()
                    .filter(node -> leads(node) == all)
                    .findFirst()
                    .orElse(nodes.get(0));
            next.close();
            nodes.remove(next);
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static boolean leads(StoreServer node) {
        return node.replica().info().role() == MemberRole.MEMBER_ROLE_LEADER;
    }

    private StoreServer node(int i) throws IOException {
        // Shorter than a node in the field has: nobody here is far away.
        Map<String, String> flags = Map.of(
                "raft.election-timeout-min", "300ms",
                "raft.election-timeout-max", "600ms",
                "node.name", name(i),
                "node.data", folder.resolve(name(i)).toString(),
                "client.listen", clientEndpoint(i),
                "raft.listen", raftEndpoint(i),
                "cluster.members",
                        IntStream.range(0, SIZE)
                                .mapToObj(j -> name(j) + "=" + raftEndpoint(j) + "/" + clientEndpoint(j))
                                .collect(Collectors.joining(",")));
        return StoreServer.start(
                ConfigLoader.load(new ConfigSources(null, Map.of(), flags)).config(),
                (reason, cause) -> Runtime.getRuntime().halt(1));
    }

    private static String name(int i) {
        return "n" + (i + 1);
    }

    private String clientEndpoint(int i) {
        return "127.0.0.1:" + ports.get(2 * i);
    }

    private String raftEndpoint(int i) {
        return "127.0.0.1:" + ports.get(2 * i + 1);
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> taken = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                taken.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return taken.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            taken.forEach(TrainingCluster::free);
        }
    }

    private static void free(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
