package dev.store.jepsen.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command {@code store}, as somebody types it. */
public final class StoreCommand {
    private static final Path GNU_ENV = Path.of("/usr/bin/env");
    private static final Duration LIMIT = Await.PATIENCE;

    private final Distribution distribution;
    private final Path folder;
    private final Map<String, String> environment;
    private int runs;

    /**
     * The command with an environment of its own.
     *
     * @param folder where it runs and where its output is kept
     */
    public StoreCommand(Distribution distribution, Path folder, Map<String, String> environment) {
        this.distribution = distribution;
        this.folder = folder;
        this.environment = Map.copyOf(environment);
    }

    /**
     * How a run ended.
     *
     * @param exitCode its exit code
     * @param output what it printed, errors included
     */
    public record Result(int exitCode, String output) {}

    /** Runs it to its end. */
    public Result run(String... arguments) {
        File output = newOutput();
        return end(start(output, arguments), "store " + List.of(arguments), output);
    }

    /** Runs a line in a shell, in which {@code bin/store} is the command. */
    public Result shell(String line) {
        File output = newOutput();
        String typed = line.replace("bin/store", distribution.command().toString());
        return end(spawn(output, List.of("/bin/bash", "-c", typed)), line, output);
    }

    private static Result end(Process process, String what, File output) {
        try {
            if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new RigException(
                        what + " did not end within " + LIMIT + ": " + Files.readString(output.toPath()));
            }
            return new Result(process.exitValue(), Files.readString(output.toPath()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + output, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RigException("interrupted while " + what + " ran", e);
        }
    }

    /** Starts it and goes on. */
    public Process start(File output, String... arguments) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(GNU_ENV)) {
            // What a shell starts in the background, this JVM perhaps, ignores ^C, and so would its children.
            command.addAll(List.of(GNU_ENV.toString(), "--default-signal=INT"));
        }
        command.add(distribution.command().toString());
        command.addAll(List.of(arguments));
        return spawn(output, command);
    }

    private Process spawn(File output, List<String> command) {
        Map<String, String> all = new java.util.HashMap<>(environment);
        all.put("JAVA_HOME", System.getProperty("java.home"));
        return Spawner.start(command, folder, output, all);
    }

    /** A file for the output of one run. */
    public File newOutput() {
        return folder.resolve("run-" + ++runs + ".out").toFile();
    }

    /** First port of a local cluster of three whose ports, ten for each node, are all free. */
    public static int freeBasePort() {
        for (int i = 0; i < 1_000; i++) {
            int base = Ports.free();
            boolean free = true;
            for (int port = base; free && port < base + 30; port++) {
                free = Ports.isFree(port);
            }
            if (free) {
                return base;
            }
        }
        throw new RigException("no 30 free ports in a row");
    }
}
