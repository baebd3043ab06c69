package dev.store.cli.local;

import dev.store.cli.ExitCode;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Starts and ends the process of one node. */
public final class NodeProcess {
    private static final int TAIL_LINES = 15;
    private static final int TAIL_BYTES = 16 * 1024;

    private final LocalNode node;
    private final List<String> launcher;

    /**
     * @param launcher the command that starts a server, to which {@code --config FILE} is added
     */
    public NodeProcess(LocalNode node, List<String> launcher) {
        this.node = node;
        this.launcher = List.copyOf(launcher);
    }

    /** The running process; empty if it does not run. */
    public Optional<ProcessHandle> running() {
        return Tracked.find(node);
    }

    /** Starts the node, which must not run. The process lives on when this one and its terminal have gone. */
    public ProcessHandle start() throws IOException {
        PortCheck.requireFree(node);
        List<String> command = new ArrayList<>(detached());
        command.addAll(launcher);
        command.add("--config");
        command.add(node.config().toString());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(node.folder().toFile());
        builder.redirectInput(new File("/dev/null"));
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(node.log().toFile()));
        // Variables meant for this command must not pass for the node's configuration, nor override its file.
        builder.environment()
                .keySet()
                .removeIf(variable -> variable.startsWith("STORE_") && !variable.equals("STORE_SERVER_JVM_OPTS"));
        ProcessHandle process = builder.start().toHandle();
        Tracked.remember(node, process);
        return process;
    }

    /** A session of its own: ^C in this terminal, and the end of it, must not reach the node. */
    private static List<String> detached() {
        for (String folder : List.of("/usr/bin", "/bin", "/usr/local/bin", "/opt/homebrew/bin")) {
            Path setsid = Path.of(folder, "setsid");
            if (Files.isExecutable(setsid)) {
                return List.of(setsid.toString());
            }
        }
        return List.of("nohup");
    }

    /** Ends the node with SIGTERM and waits; false if it did not run. */
    public boolean stop(long timeoutMillis) throws IOException {
        return end(false, timeoutMillis);
    }

    /** Ends the node with SIGKILL, as a crash does; false if it did not run. */
    public boolean kill(long timeoutMillis) throws IOException {
        return end(true, timeoutMillis);
    }

    private boolean end(boolean forcibly, long timeoutMillis) throws IOException {
        Optional<ProcessHandle> process = running();
        if (process.isEmpty()) {
            Tracked.forget(node);
            return false;
        }
        CompletableFuture<ProcessHandle> exit = process.get().onExit();
        if (forcibly) {
            process.get().destroyForcibly();
        } else {
            process.get().destroy();
        }
        try {
            exit.get(timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new LocalFailure(
                    "STILL_RUNS",
                    node.name() + " (pid " + process.get().pid() + ") did not end within " + timeoutMillis + " ms",
                    "Its log is " + node.log() + "; `store cluster kill " + node.number() + "` ends it at once.",
                    ExitCode.FAILED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalFailure("INTERRUPTED", "interrupted", "", ExitCode.FAILED);
        }
        Tracked.forget(node);
        return true;
    }

    /** The last lines of the node's log, for a message about its end. */
    public String logTail() {
        try {
            byte[] bytes = Files.readAllBytes(node.log());
            int from = Math.max(0, bytes.length - TAIL_BYTES);
            List<String> lines = new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            StringBuilder tail = new StringBuilder();
            for (String line : lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size())) {
                tail.append("\n    ").append(line);
            }
            return tail.toString();
        } catch (IOException e) {
            return "";
        }
    }
}
