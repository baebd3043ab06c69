package dev.store.server.etcd;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One member of the real etcd, on loopback, with its data in a folder of its own. */
final class EtcdProcess implements AutoCloseable {
    private final Process process;
    private final ManagedChannel channel;
    private final Thread killer;
    private final Path log;
    private final int port;

    private EtcdProcess(Process process, int port, Path log) {
        this.process = process;
        this.log = log;
        this.port = port;
        this.killer = new Thread(process::destroyForcibly, "etcd-killer");
        Runtime.getRuntime().addShutdownHook(killer);
        this.channel = NettyChannelBuilder.forAddress(
                        InetAddress.getLoopbackAddress().getHostAddress(), port)
                .usePlaintext()
                .maxInboundMessageSize(64 << 20)
                .build();
    }

    /** Where the program is. */
    static Optional<Path> find() {
        for (String folder : String.valueOf(System.getenv("PATH")).split(File.pathSeparator, -1)) {
            Path program = Path.of(folder, "etcd");
            if (Files.isExecutable(program)) {
                return Optional.of(program);
            }
        }
        return Optional.empty();
    }

    static EtcdProcess start(Path program, Path folder) throws IOException {
        int clients = freePort();
        String clientUrl = "http://127.0.0.1:" + clients;
        String peerUrl = "http://127.0.0.1:" + freePort();
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        program.toString(),
                        "--name=peer",
                        "--data-dir=" + folder.resolve("etcd"),
                        "--listen-client-urls=" + clientUrl,
                        "--advertise-client-urls=" + clientUrl,
                        "--listen-peer-urls=" + peerUrl,
                        "--initial-advertise-peer-urls=" + peerUrl,
                        "--initial-cluster=peer=" + peerUrl,
                        "--log-level=error"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("etcd.log").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("ETCD_"));
        return new EtcdProcess(builder.start(), clients, folder.resolve("etcd.log"));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The first lines that it printed. */
    String logHead() throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.limit(30).collect(Collectors.joining("\n"));
        }
    }

    /** Where it answers JSON. */
    String url() {
        return "http://127.0.0.1:" + port;
    }

    EtcdStubs stubs() {
        return new EtcdStubs(channel);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        process.destroyForcibly();
        try {
            process.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().removeShutdownHook(killer);
    }
}
