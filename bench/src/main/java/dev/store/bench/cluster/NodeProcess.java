package dev.store.bench.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One node as a process.
 *
 * <p>It ends with this JVM: in a shutdown hook, and where {@code setpriv} exists also when this JVM is killed. The
 * kernel ties that signal to the thread that forked (prctl(2)), so it is only asked for on the main thread.
 */
final class NodeProcess implements AutoCloseable {
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

    private final String name;
    private final Path folder;
    private final Process process;

    private NodeProcess(String name, Path folder, Process process) {
        this.name = name;
        this.folder = folder;
        this.process = process;
    }

    /** Starts a node in a folder of its own. */
    static NodeProcess start(String name, Path folder, NodeCommand command) throws IOException {
        List<String> words = new ArrayList<>();
        if (Files.isExecutable(SETPRIV)) {
            words.addAll(List.of(SETPRIV.toString(), "--pdeathsig", "KILL", "--"));
        }
        words.addAll(command.words());
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(folder).toFile()));
        // What a shell has set for another etcd is not meant for this one.
        builder.environment().keySet().removeIf(variable -> variable.startsWith("ETCD_"));
        builder.environment().putAll(command.environment());
        return new NodeProcess(name, folder, builder.start());
    }

    /** The process id: {@code setpriv} and {@code bin/store} replace themselves by the node. */
    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Sends SIGTERM. */
    void askToEnd() {
        process.destroy();
    }

    /** Waits until it has ended; kills it if that takes long. */
    void awaitEnd() {
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
        }
    }

    /** Fails with the end of the log if the process has ended. */
    void checkAlive() {
        if (!process.isAlive()) {
            throw new ClusterException("node " + name + " has ended with exit code " + process.exitValue()
                    + "; its log ends:\n" + logTail());
        }
    }

    /** The last lines that it printed. */
    String logTail() {
        try {
            List<String> lines = Files.readAllLines(log(folder), StandardCharsets.UTF_8);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
        } catch (IOException e) {
            return "(no log: " + e + ")";
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Path log(Path folder) {
        return folder.resolve("node.log");
    }
}
