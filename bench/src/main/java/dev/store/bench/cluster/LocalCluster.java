package dev.store.bench.cluster;

import dev.store.api.v1.MaintenanceGrpc;
import dev.store.api.v1.StatusRequest;
import dev.store.api.v1.StatusResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A cluster of Store's own nodes, started as users start them, by {@code bin/store}. */
public final class LocalCluster extends Cluster {
    private final Path home;
    private final String jvmOptions;

    private LocalCluster(Path home, int size, String jvmOptions) {
        super(size, 2);
        this.home = home;
        this.jvmOptions = jvmOptions;
    }

    /**
     * Starts a cluster and waits until each node knows the leader.
     *
     * @param home root of a checkout with a built server
     * @param size number of nodes
     * @param jvmOptions replaces the server's memory and collector flags; empty for its defaults
     */
    public static LocalCluster start(Path home, int size, String jvmOptions) {
        return started(new LocalCluster(home, size, jvmOptions));
    }

    @Override
    NodeCommand command(int node, Path own) throws IOException {
        String members = IntStream.range(0, size())
                .mapToObj(i ->
                        name(i) + "=127.0.0.1:" + port(i, 1) + "/" + endpoints().get(i))
                .collect(Collectors.joining(","));
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
                """.formatted(name(node), own.resolve("data"), endpoints().get(node), port(node, 1), members);
        Path config = Files.writeString(own.resolve("store.yaml"), yaml);
        Map<String, String> environment = new HashMap<>();
        if (!jvmOptions.isEmpty()) {
            environment.put("STORE_SERVER_JVM_OPTS", jvmOptions);
        }
        if (System.getenv("JAVA_HOME") == null) {
            environment.put("JAVA_HOME", System.getProperty("java.home"));
        }
        return new NodeCommand(
                List.of(home.resolve("bin/store").toString(), "server", "--config", config.toString()), environment);
    }

    @Override
    Role role(int node) {
        return GrpcRole.ask(endpoints().get(node), channel -> {
            StatusResponse status = MaintenanceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(2, TimeUnit.SECONDS)
                    .status(StatusRequest.getDefaultInstance());
            if (status.getLeader().isEmpty()) {
                return Role.UNKNOWN;
            }
            return status.getLeader().equals(name(node)) ? Role.LEADER : Role.FOLLOWER;
        });
    }
}
