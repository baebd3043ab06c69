package dev.store.bench.cluster;

import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A cluster of real etcd processes, with defaults but for a quota that a run cannot reach. */
public final class EtcdCluster extends Cluster {
    /** What differs from the defaults, besides names and addresses. */
    public static final String OPTIONS = "--quota-backend-bytes=8589934592";

    private final Path program;

    private EtcdCluster(Path program, int size) {
        super(size, 2);
        this.program = program;
    }

    /** Where the program is. */
    public static Optional<Path> find() {
        for (String folder : String.valueOf(System.getenv("PATH")).split(File.pathSeparator, -1)) {
            Path program = Path.of(folder, "etcd");
            if (Files.isExecutable(program)) {
                return Optional.of(program);
            }
        }
        return Optional.empty();
    }

    /** Starts a cluster and waits until each node knows the leader. */
    public static EtcdCluster start(int size) {
        Path program = find().orElseThrow(() -> new ClusterException(
                "no program etcd on the PATH (expected: version 3.4, as in Debian's package etcd-server)"));
        return started(new EtcdCluster(program, size));
    }

    @Override
    NodeCommand command(int node, Path own) {
        String members = IntStream.range(0, size())
                .mapToObj(i -> name(i) + "=" + peerUrl(i))
                .collect(Collectors.joining(","));
        String clientUrl = "http://" + endpoints().get(node);
        return new NodeCommand(
                List.of(
                        program.toString(),
                        "--name=" + name(node),
                        "--data-dir=" + own.resolve("data"),
                        "--listen-client-urls=" + clientUrl,
                        "--advertise-client-urls=" + clientUrl,
                        "--listen-peer-urls=" + peerUrl(node),
                        "--initial-advertise-peer-urls=" + peerUrl(node),
                        "--initial-cluster=" + members,
                        "--initial-cluster-token=" + folder().getFileName(),
                        OPTIONS),
                Map.of());
    }

    @Override
    Role role(int node) {
        return GrpcRole.ask(endpoints().get(node), channel -> {
            StatusResponse status = MaintenanceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(2, TimeUnit.SECONDS)
                    .status(StatusRequest.getDefaultInstance());
            if (status.getLeader() == 0) {
                return Role.UNKNOWN;
            }
            return status.getLeader() == status.getHeader().getMemberId() ? Role.LEADER : Role.FOLLOWER;
        });
    }

    private String peerUrl(int node) {
        return "http://127.0.0.1:" + port(node, 1);
    }
}
