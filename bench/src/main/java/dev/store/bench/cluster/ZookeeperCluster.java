package dev.store.bench.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A cluster of real ZooKeeper processes, from the class path of this one, with the recommended basic configuration. */
public final class ZookeeperCluster extends Cluster {
    /** What differs from the defaults, besides names, addresses and what every ensemble must say. */
    public static final String OPTIONS = "-Xmx1g, maxClientCnxns=0, no admin server";

    private static final int ANSWER_MILLIS = 2_000;

    private ZookeeperCluster(int size) {
        super(size, 3);
    }

    /** Starts a cluster and waits until each node follows or leads. */
    public static ZookeeperCluster start(int size) {
        return started(new ZookeeperCluster(size));
    }

    @Override
    NodeCommand command(int node, Path own) throws IOException {
        Path data = Files.createDirectories(own.resolve("data"));
        Files.writeString(data.resolve("myid"), Integer.toString(node + 1));
        String servers = IntStream.range(0, size())
                .mapToObj(i -> "server." + (i + 1) + "=127.0.0.1:" + port(i, 1) + ":" + port(i, 2))
                .collect(Collectors.joining("\n"));
        Path config = Files.writeString(own.resolve("zoo.cfg"), """
                tickTime=2000
                initLimit=10
                syncLimit=5
                dataDir=%s
                clientPortAddress=127.0.0.1
                clientPort=%d
                maxClientCnxns=0
                admin.enableServer=false
                %s
                """.formatted(data, port(node, 0), servers));
        return new NodeCommand(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-Dlogback.configurationFile=bench-logback.xml",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.apache.zookeeper.server.quorum.QuorumPeerMain",
                        config.toString()),
                Map.of());
    }

    /** The answer to {@code srvr}, one of ZooKeeper's words of four letters, tells what a node is. */
    @Override
    Role role(int node) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port(node, 0)), ANSWER_MILLIS);
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (answer.contains("Mode: leader")) {
                return Role.LEADER;
            }
            return answer.contains("Mode: follower") ? Role.FOLLOWER : Role.UNKNOWN;
        } catch (IOException e) {
            return Role.UNKNOWN;
        }
    }
}
