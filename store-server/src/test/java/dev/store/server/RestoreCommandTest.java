package dev.store.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.store.api.v1.GetRequest;
import dev.store.api.v1.Put;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.SnapshotRequest;
import dev.store.server.testing.TestCluster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RestoreCommandTest {
    private static final ByteString KEY = ByteString.copyFromUtf8("k");

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    @Test
    void aSavedClusterComesBackAsANewOneAndNeverAsTheOldOne() throws IOException {
        Path file = folder.resolve("backup.store");
        try (TestCluster old = TestCluster.start(folder.resolve("old"), 1, Map.of())) {
            old.node(0)
                    .kv()
                    .put(PutRequest.newBuilder()
                            .setPut(Put.newBuilder().setKey(KEY).setValue(KEY))
                            .build());
            save(old, file);
        }
        String data = "--node.data=" + folder.resolve("new/n1");

        assertThat(run("snapshot", "restore", file.toString(), data)).isEqualTo(ExitCode.DATA_REFUSED);
        assertThat(run("snapshot", "restore", file.toString(), data, "--cluster.name=new"))
                .as(printed.toString(StandardCharsets.UTF_8))
                .isEqualTo(ExitCode.OK);

        try (TestCluster restored = TestCluster.start(folder.resolve("new"), 1, Map.of("cluster.name", "new"))) {
            assertThat(restored.node(0)
                            .kv()
                            .get(GetRequest.newBuilder().setKey(KEY).build())
                            .getEntry()
                            .getValue())
                    .isEqualTo(KEY);
        }
    }

    @Test
    void aMissingFileIsNamed() {
        assertThat(run("snapshot", "restore", folder.resolve("absent").toString()))
                .isEqualTo(ExitCode.FAILED);

        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("absent: cannot be read");
    }

    private static void save(TestCluster cluster, Path file) throws IOException {
        var chunks = cluster.node(0).maintenance().snapshot(SnapshotRequest.getDefaultInstance());
        try (OutputStream out = Files.newOutputStream(file)) {
            while (chunks.hasNext()) {
                chunks.next().getData().writeTo(out);
            }
        }
    }

    private ExitCode run(String... arguments) {
        PrintStream print = new PrintStream(printed, true, StandardCharsets.UTF_8);
        return new ServerMain(print, print, Map.of()).run(List.of(arguments));
    }
}
