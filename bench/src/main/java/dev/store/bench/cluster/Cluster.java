package dev.store.bench.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A fresh cluster of real node processes on loopback, in a temporary folder that goes away with it. */
public abstract class Cluster implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);
    private static final long POLL_NANOS = 50_000_000;

    private final Path folder;
    private final List<Integer> ports;
    private final int portsEach;
    private final List<String> endpoints;
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final Thread cleanup = new Thread(this::destroy, "bench-cluster-cleanup");
    private boolean destroyed;

    /** Takes a folder and so many ports for each node, the first of which is for clients. */
    Cluster(int size, int portsEach) {
        try {
            folder = Files.createTempDirectory("store-bench-");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create a temporary folder", e);
        }
        this.portsEach = portsEach;
        ports = FreePorts.take(portsEach * size);
        endpoints = IntStream.range(0, size)
                .mapToObj(node -> "127.0.0.1:" + port(node, 0))
                .toList();
        Runtime.getRuntime().addShutdownHook(cleanup);
    }

    /** host:port of each node, for clients. */
    public final List<String> endpoints() {
        return endpoints;
    }

    /** Process ids of the nodes that run, in the order of their endpoints. */
    public final List<Long> pids() {
        return nodes.stream().filter(NodeProcess::isAlive).map(NodeProcess::pid).toList();
    }

    /** The folder of everything. */
    public final Path folder() {
        return folder;
    }

    /** Fails if a node has ended. */
    public final void checkAlive() {
        nodes.forEach(NodeProcess::checkAlive);
    }

    /** Number of the node that leads; waits for one. */
    public final int leader() {
        long deadline = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < deadline) {
            for (int node = 0; node < endpoints.size(); node++) {
                if (role(node) == Role.LEADER) {
                    return node;
                }
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        throw new ClusterException("no leader after " + START.toSeconds() + " s" + logs());
    }

    /** Ends a node with SIGKILL. */
    public final void kill(int node) {
        nodes.get(node).close();
    }

    /** Ends all nodes with SIGTERM and waits until they are gone. */
    public final void stop() {
        nodes.forEach(NodeProcess::askToEnd);
        nodes.forEach(NodeProcess::awaitEnd);
        nodes.clear();
    }

    /** Starts all nodes on what their folders hold, and does not wait for them. */
    public final void launch() {
        for (int node = 0; node < endpoints.size(); node++) {
            Path own = folder.resolve(name(node));
            try {
                Files.createDirectories(own);
                nodes.add(NodeProcess.start(name(node), own, command(node, own)));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot start node " + name(node) + " in " + own, e);
            }
        }
    }

    /** Waits until each node knows the leader. */
    public final void awaitReady() {
        long deadline = System.nanoTime() + START.toNanos();
        for (int node = 0; node < endpoints.size(); node++) {
            while (role(node) == Role.UNKNOWN) {
                checkAlive();
                if (System.nanoTime() > deadline) {
                    throw new ClusterException("no leader after " + START.toSeconds() + " s" + logs());
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }

    @Override
    public final void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(cleanup);
        } catch (IllegalStateException e) {
            // The JVM is ending: the hook runs anyway.
        }
        destroy();
    }

    /** What to run, and with what in its environment, for a node with this folder of its own. */
    abstract NodeCommand command(int node, Path own) throws IOException;

    /** What a node says of itself now. */
    abstract Role role(int node);

    /** A node knows no leader or cannot be asked, follows, or leads. */
    enum Role {
        UNKNOWN,
        FOLLOWER,
        LEADER
    }

    /** Starts the nodes of a new cluster and waits until it is ready; on failure nothing of it is left. */
    static <C extends Cluster> C started(C cluster) {
        try {
            cluster.launch();
            cluster.awaitReady();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    static String name(int node) {
        return "n" + (node + 1);
    }

    final int size() {
        return endpoints.size();
    }

    /** One of a node's ports. */
    final int port(int node, int number) {
        return ports.get(portsEach * node + number);
    }

    /** The last lines that each node has logged. */
    public final String logs() {
        return "; the logs end:\n" + nodes.stream().map(NodeProcess::logTail).collect(Collectors.joining("\n--\n"));
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
