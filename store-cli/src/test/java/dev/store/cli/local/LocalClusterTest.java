package dev.store.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.store.cli.CommandRun;
import dev.store.cli.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LocalClusterTest {
    @TempDir
    Path folder;

    @AfterEach
    void endNodes() throws IOException {
        if (Plan.read(folder).isPresent()) {
            for (LocalNode node : Plan.read(folder).get().nodes()) {
                new NodeProcess(node, List.of("true")).kill(10_000);
            }
        }
    }

    /** Runs until it is ended, as a server does, but listens to nobody. */
    private Path script(String body) throws IOException {
        Path script = folder.resolve("launcher.sh");
        Files.writeString(script, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }

    private static int freePorts() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Math.min(socket.getLocalPort(), 60_000);
        }
    }

    private CommandRun cluster(Path launcher, String... args) {
        String[] line = new String[args.length + 3];
        line[0] = "cluster";
        System.arraycopy(args, 0, line, 1, args.length);
        line[args.length + 1] = "--dir";
        line[args.length + 2] = folder.toString();
        return new CommandRun().with("STORE_LAUNCHER", launcher.toString()).run(line);
    }

    @Test
    void aProcessThatIsTurningIntoAnotherProgramIsNotTakenForEndedAndAStrangerIsNotTakenForTheNode() {
        LocalNode node = new LocalNode(1, folder.resolve("node1"), 17_400);

        assertThat(Tracked.mayName("", node)).isTrue();
        assertThat(Tracked.mayName("java ServerMain server --config " + node.config(), node))
                .isTrue();
        assertThat(Tracked.mayName("java ServerMain server --config /elsewhere/store.yaml", node))
                .isFalse();
    }

    @Test
    void theConfigurationOfEachNodeNamesAll() throws IOException {
        new Plan(folder, 3, 17_400).write();

        assertThat(Plan.read(folder)).contains(new Plan(folder, 3, 17_400));
        assertThat(Files.readString(folder.resolve("node2/store.yaml")))
                .isEqualTo("""
                # Written by `store cluster start`; later starts leave it as it is.
                node:
                  name: node2
                  data: '%s'
                client:
                  listen: 127.0.0.1:17410
                raft:
                  listen: 127.0.0.1:17411
                cluster:
                  name: local
                  members:
                    - node1=127.0.0.1:17401/127.0.0.1:17400
                    - node2=127.0.0.1:17411/127.0.0.1:17410
                    - node3=127.0.0.1:17421/127.0.0.1:17420
                """.formatted(folder.resolve("node2/data")));
    }

    @Test
    void aPlanHasLimits() {
        assertThatThrownBy(() -> new Plan(folder, 10, 7400)).hasMessageContaining("--nodes: 10 (expected: 1 to 9)");
        assertThatThrownBy(() -> new Plan(folder, 3, 65_520)).hasMessageContaining("--base-port: 65520");
        assertThatThrownBy(() -> new Plan(folder, 3, 80)).hasMessageContaining("--base-port: 80");
    }

    @Test
    void aNodeIsFoundAgainStoppedAndForgotten() throws IOException {
        Plan plan = new Plan(folder, 1, freePorts());
        plan.write();
        NodeProcess process = new NodeProcess(
                plan.node(1), List.of(script("exec tail -f -- /dev/null \"$@\"").toString()));

        ProcessHandle started = process.start();

        assertThat(process.running()).map(ProcessHandle::pid).contains(started.pid());
        assertThat(process.stop(10_000)).isTrue();
        assertThat(started.isAlive()).isFalse();
        assertThat(process.running()).isEmpty();
        assertThat(process.stop(10_000)).isFalse();
    }

    @Test
    void aPidThatNowBelongsToAnotherProcessIsLeftAlone() throws IOException {
        Plan plan = new Plan(folder, 1, 17_400);
        plan.write();
        LocalNode node = plan.node(1);
        Process stranger = new ProcessBuilder("tail", "-f", "/dev/null").start();
        // One with the same command line, but started at another time.
        Process reused =
                new ProcessBuilder("tail", "-f", "/dev/null", node.config().toString()).start();
        try {
            Instant start = stranger.toHandle().info().startInstant().orElseThrow();
            Files.writeString(node.pidFile(), stranger.pid() + "\n" + start + "\n");
            assertThat(Tracked.find(node)).as("another command line").isEmpty();

            Files.writeString(node.pidFile(), reused.pid() + "\n" + start.minusSeconds(60) + "\n");
            assertThat(Tracked.find(node)).as("another start").isEmpty();
            assertThat(new NodeProcess(node, List.of("true")).kill(1_000)).isFalse();
            assertThat(reused.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
            reused.destroyForcibly();
        }
    }

    @Test
    void aPidFileThatWasCutOffSaysNothing() throws IOException {
        Plan plan = new Plan(folder, 1, 17_400);
        plan.write();
        Files.writeString(plan.node(1).pidFile(), "12");

        assertThat(Tracked.find(plan.node(1))).isEmpty();
    }

    @Test
    void aPortInUseIsNamedWithItsNodeAndNothingIsStarted() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int base = taken.getLocalPort() - 10;
            CommandRun run = cluster(script("exit 1"), "start", "--nodes", "2", "--base-port", Integer.toString(base));

            assertThat(run.exitCode()).isEqualTo(ExitCode.CONFLICT);
            assertThat(run.err())
                    .contains("port " + taken.getLocalPort() + ", which node2 needs for clients, is in use")
                    .contains("process " + ProcessHandle.current().pid())
                    .contains("--base-port");
            assertThat(folder.resolve("node1/store.log")).doesNotExist();
        }
    }

    @Test
    void aNodeThatEndsWhileStartingShowsTheEndOfItsLog() throws IOException {
        CommandRun run = cluster(
                script("echo the disk is on fire; exit 1"),
                "start",
                "--nodes",
                "1",
                "--base-port",
                Integer.toString(freePorts()));

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("node1 ended while it started").contains("    the disk is on fire");
    }

    @Test
    void aClusterThatRunsIsNotStartedTwice() throws IOException {
        Path launcher = script("exec tail -f -- /dev/null \"$@\"");
        Plan plan = new Plan(folder, 1, freePorts());
        plan.write();
        new NodeProcess(plan.node(1), List.of(launcher.toString())).start();

        CommandRun again = cluster(launcher, "start");
        CommandRun other = cluster(launcher, "start", "--nodes", "5");

        assertThat(again.exitCode()).isEqualTo(ExitCode.CONFLICT);
        assertThat(again.err()).contains("runs already").contains("store cluster status");
        assertThat(other.exitCode()).isEqualTo(ExitCode.CONFLICT);
        assertThat(other.err()).contains("has 1 nodes");
    }

    @Test
    void destroyAsksAndDeletesOnlyWhatIsTheClusters() throws IOException {
        Path launcher = script("exec tail -f -- /dev/null \"$@\"");
        Plan plan = new Plan(folder, 1, freePorts());
        plan.write();
        ProcessHandle node = new NodeProcess(plan.node(1), List.of(launcher.toString())).start();

        CommandRun unsure = new CommandRun()
                .with("STORE_LAUNCHER", "x")
                .typing("\n")
                .run("cluster", "destroy", "--dir", folder.toString());
        assertThat(unsure.exitCode()).isEqualTo(ExitCode.NO);
        assertThat(node.isAlive()).isTrue();

        CommandRun sure = cluster(launcher, "destroy", "--yes");
        assertThat(sure.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(node.isAlive()).isFalse();
        assertThat(folder).isDirectoryContaining(file -> file.endsWith("launcher.sh"));
        assertThat(folder.resolve("node1")).doesNotExist();
        assertThat(Plan.read(folder)).isEmpty();
    }

    @Test
    void aFolderThatCannotBeIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        CommandRun run = new CommandRun()
                .with("STORE_LAUNCHER", "x")
                .run("cluster", "start", "--dir", file.resolve("below").toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains(file.toString()).contains("--dir");
    }

    @Test
    void commandsWithoutAClusterSayHowToStartOne() {
        for (List<String> command : List.of(List.of("status"), List.of("stop"), List.of("kill", "1"))) {
            CommandRun run = cluster(Path.of("x"), command.toArray(new String[0]));

            assertThat(run.exitCode()).isEqualTo(ExitCode.NO);
            assertThat(run.err()).contains("there is no cluster in " + folder).contains("store cluster start");
        }
    }
}
