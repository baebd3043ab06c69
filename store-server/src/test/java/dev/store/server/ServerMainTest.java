package dev.store.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerMainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    @Test
    void helpNamesEveryFlagAndExitCode() {
        assertThat(run("server", "--help")).isEqualTo(ExitCode.OK);

        assertThat(text(out)).contains("Usage: store server", "--client.listen=", "Exit codes:", "70");
    }

    @Test
    void printConfigPrintsToStandardOutput() {
        assertThat(run("server", "--print-config", "--node.name=x")).isEqualTo(ExitCode.OK);

        assertThat(text(out)).contains("name: x  # --node.name");
        assertThat(text(err)).isEmpty();
    }

    @Test
    void aBadConfigurationIsReportedWholeAndEndsWithItsExitCode() {
        assertThat(run("server", "--node.nam=x", "--log.level=loud")).isEqualTo(ExitCode.BAD_CONFIGURATION);

        assertThat(text(err)).contains("--node.nam: unknown flag; did you mean --node.name?", "log.level: \"loud\"");
    }

    @Test
    void aPortInUseIsNamedTogetherWithWhoUsesIt() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();

            assertThat(run("server", "--client.listen=127.0.0.1:" + port, "--node.data=" + folder))
                    .isEqualTo(ExitCode.ADDRESS_UNAVAILABLE);

            assertThat(text(err)).contains("client.listen: 127.0.0.1:" + port + ": the port is in use");
            if (Files.isReadable(Path.of("/proc/net/tcp"))) {
                assertThat(text(err))
                        .contains("by process " + ProcessHandle.current().pid());
            }
        }
    }

    @Test
    void anAddressThatIsNotOursIsRefused() {
        assertThat(run("server", "--client.listen=192.0.2.1:7400", "--node.data=" + folder))
                .isEqualTo(ExitCode.ADDRESS_UNAVAILABLE);

        assertThat(text(err)).contains("client.listen: 192.0.2.1:7400", "(expected: an address of this machine)");
    }

    @Test
    void aDataFolderThatIsAFileIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");

        assertThat(run("server", "--client.listen=127.0.0.1:0", "--raft.listen=127.0.0.1:0", "--node.data=" + file))
                .isEqualTo(ExitCode.DATA_UNWRITABLE);

        assertThat(text(err)).contains("node.data: " + file + " is a file (expected: a folder)");
    }

    @Test
    void aDataFolderThatCannotBeMadeIsRefused() {
        Path below = Path.of("/proc/store-data");

        assertThat(run("server", "--client.listen=127.0.0.1:0", "--raft.listen=127.0.0.1:0", "--node.data=" + below))
                .isEqualTo(ExitCode.DATA_UNWRITABLE);

        assertThat(text(err)).contains("node.data: " + below + " cannot be created");
    }

    private ExitCode run(String... arguments) {
        return new ServerMain(print(out), print(err), Map.of()).run(List.of(arguments));
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
