package dev.store.bench.cluster;

import dev.store.api.v1.MaintenanceGrpc;
import dev.store.api.v1.StatusRequest;
import dev.store.api.v1.StatusResponse;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A fresh cluster of real node processes on loopback, in a temporary folder that goes away with it. */
public final class LocalCluster implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);

    private final Path folder;
    private final List<String> endpoints;
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final Thread cleanup = new Thread(this::destroy, "bench-cluster-cleanup");
    private boolean destroyed;

    private LocalCluster(Path folder, List<String> endpoints) {
        this.folder = folder;
        this.endpoints = List.copyOf(endpoints);
    }

    /**
     * Starts a cluster and waits until each node knows the leader.
     *
     * @param home root of a checkout with a built server
     * @param size number of nodes
     * @param jvmOptions replaces the server's memory and collector flags; empty for its defaults
     */
    public static LocalCluster start(Path home, int size, String jvmOptions) {
        Path folder;
        try {
            folder = Files.createTempDirectory("store-bench-");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create a temporary folder", e);
        }
        List<Integer> ports = FreePorts.take(2 * size);
        List<String> endpoints = IntStream.range(0, size)
                .mapToObj(i -> "127.0.0.1:" + ports.get(2 * i))
                .toList();
        LocalCluster cluster = new LocalCluster(folder, endpoints);
        Runtime.getRuntime().addShutdownHook(cluster.cleanup);
        try {
            cluster.startNodes(home, ports, jvmOptions);
            cluster.awaitLeader();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** host:port of each node, for clients. */
    public List<String> endpoints() {
        return endpoints;
    }

    /** Process ids of the nodes, in the order of their endpoints. */
    public List<Long> pids() {
        return nodes.stream().map(NodeProcess::pid).toList();
    }

    /** The folder of everything. */
    public Path folder() {
        return folder;
    }

    /** Fails if a node has ended. */
    public void checkAlive() {
        nodes.forEach(NodeProcess::checkAlive);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(cleanup);
        } catch (IllegalStateException e) {
            // The JVM is ending: the hook runs anyway.
        }
        destroy();
    }

    private void startNodes(Path home, List<Integer> ports, String jvmOptions) {
        String members = IntStream.range(0, endpoints.size())
                .mapToObj(i -> "n" + (i + 1) + "=127.0.0.1:" + ports.get(2 * i + 1) + "/" + endpoints.get(i))
                .collect(Collectors.joining(","));
        for (int i = 0; i < endpoints.size(); i++) {
            String name = "n" + (i + 1);
            String yaml = """
                    node:
                      name: "%s"
                      data: "%s"
                    client:
                      listen: "%s"
                    raft:
                      listen: "127.0.0.1:%d"
                    cluster:
                      members: "%s"
                    """.formatted(
                    name, folder.resolve(name).resolve("data"), endpoints.get(i), ports.get(2 * i + 1), members);
            nodes.add(NodeProcess.start(home, name, folder.resolve(name), yaml, jvmOptions));
        }
    }

    private void awaitLeader() {
        long deadline = System.nanoTime() + START.toNanos();
        for (String endpoint : endpoints) {
            ManagedChannel channel = NettyChannelBuilder.forTarget(endpoint)
                    .directExecutor()
                    .usePlaintext()
                    .build();
            try {
                while (!knowsLeader(channel)) {
                    checkAlive();
                    if (System.nanoTime() > deadline) {
                        throw new ClusterException("no leader after " + START.toSeconds() + " s; the logs end:\n"
                                + nodes.stream().map(NodeProcess::logTail).collect(Collectors.joining("\n--\n")));
                    }
                    LockSupport.parkNanos(50_000_000);
                }
            } finally {
                channel.shutdownNow();
            }
        }
    }

    private static boolean knowsLeader(ManagedChannel channel) {
        try {
            StatusResponse status = MaintenanceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(2, TimeUnit.SECONDS)
                    .status(StatusRequest.getDefaultInstance());
            return !status.getLeader().isEmpty();
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    private synchronized void destroy() {
        if (destroyed) {
            return;
        }
        destroyed = true;
        nodes.forEach(NodeProcess::close);
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder, e);
        }
    }
}
