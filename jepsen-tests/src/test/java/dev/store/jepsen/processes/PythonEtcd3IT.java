package dev.store.jepsen.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.store.jepsen.cluster.Cluster;
import dev.store.jepsen.processes.ForeignCommand.Result;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Python's client of etcd, unchanged, against a cluster of three. */
@ExtendWith(SharedCluster.class)
@Timeout(600)
class PythonEtcd3IT {
    @TempDir
    Path folder;

    @Test
    void itsDocumentedUseWorksAtAFollower(Cluster cluster) throws URISyntaxException {
        Optional<Path> python = ForeignCommand.find("python3")
                .filter(program -> python(program).run("-c", "import etcd3").exitCode() == 0)
                .findFirst();
        assumeTrue(
                python.isPresent(),
                "no python3 on the PATH has the module etcd3 (expected: the package python3-etcd3)");
        Path script = Path.of(Objects.requireNonNull(PythonEtcd3IT.class.getResource("/etcd3_client.py"))
                .toURI());
        String[] address = cluster.followers().get(0).clientEndpoint().split(":", 2);

        Result result = python(python.orElseThrow()).run(script.toString(), address[0], address[1], "python");

        assertThat(result.output()).contains("all as documented");
        assertThat(result.exitCode()).isZero();
    }

    private ForeignCommand python(Path program) {
        return new ForeignCommand(List.of(program.toString()), folder, Map.of());
    }
}
