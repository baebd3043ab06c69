package dev.store.bench.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One node as a process, started as users start it, by {@code bin/store}.
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

    /** Starts a node with this configuration in a folder of its own. */
    static NodeProcess start(Path home, String name, Path folder, String yaml, String jvmOptions) {
        try {
            Files.createDirectories(folder);
            Path config = Files.writeString(folder.resolve("store.yaml"), yaml);
            List<String> command = new ArrayList<>();
            if (Files.isExecutable(SETPRIV)) {
                command.addAll(List.of(SETPRIV.toString(), "--pdeathsig", "KILL", "--"));
            }
            command.addAll(List.of(home.resolve("bin/store").toString(), "server", "--config", config.toString()));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log(folder).toFile()));
            if (!jvmOptions.isEmpty()) {
                builder.environment().put("STORE_SERVER_JVM_OPTS", jvmOptions);
            }
            builder.environment().putIfAbsent("JAVA_HOME", System.getProperty("java.home"));
            return new NodeProcess(name, folder, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start node " + name + " in " + folder, e);
        }
    }

    /** The process id: {@code setpriv} and {@code bin/store} replace themselves by the JVM. */
    long pid() {
        return process.pid();
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
