package dev.store.jepsen.processes;

import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.RigException;
import dev.store.jepsen.cluster.Spawner;
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
import java.util.stream.Stream;

/** A program that is no part of Store, as somebody types it: a client of etcd. Closing it kills what still runs. */
final class ForeignCommand implements AutoCloseable {
    private static final Duration LIMIT = Await.PATIENCE;

    private final List<String> program;
    private final Path folder;
    private final Map<String, String> environment;
    private final List<Process> started = new ArrayList<>();

    /** @param folder where it runs and where its output is kept */
    ForeignCommand(List<String> program, Path folder, Map<String, String> environment) {
        this.program = List.copyOf(program);
        this.folder = folder;
        this.environment = Map.copyOf(environment);
    }

    /** All programs of a name in the search path. */
    static Stream<Path> find(String name) {
        return Stream.of(String.valueOf(System.getenv("PATH")).split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable);
    }

    /**
     * How a run ended.
     *
     * @param output what it printed, errors included
     */
    record Result(int exitCode, String output) {}

    /** One that goes on. */
    record Running(Process process, Path output) {
        String printed() {
            try {
                return Files.readString(output);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + output, e);
            }
        }

        /** Waits until it has printed something. */
        void awaitPrinted(String text) {
            Await.until(LIMIT, "\"" + text + "\" in " + output, () -> printed().contains(text));
        }

        /** SIGINT, as by ^C. */
        void interrupt() {
            Spawner.signal(process.pid(), "INT");
        }

        Result end() {
            try {
                if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                    throw new RigException("did not end within " + LIMIT + ": " + printed());
                }
                return new Result(process.exitValue(), printed());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RigException("interrupted while a command ran", e);
            }
        }
    }

    /** Runs it to its end. */
    Result run(String... arguments) {
        return start(arguments).end();
    }

    /** Runs it to its end with something on its standard input. */
    Result runWith(String input, String... arguments) {
        Path file = newFile("input-");
        try {
            Files.writeString(file, input);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        List<String> command = new ArrayList<>(List.of("sh", "-c", "file=$1; shift; exec \"$@\" < \"$file\"", "sh"));
        command.add(file.toString());
        command.addAll(program);
        command.addAll(List.of(arguments));
        return start(command).end();
    }

    /** Starts it and goes on. */
    Running start(String... arguments) {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(arguments));
        return start(command);
    }

    /** A new one: several commands may share the folder. */
    private Path newFile(String prefix) {
        try {
            return Files.createTempFile(folder, prefix, ".txt");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + folder, e);
        }
    }

    private Running start(List<String> command) {
        Path output = newFile("output-");
        Process process = Spawner.start(command, folder, output.toFile(), environment);
        started.add(process);
        return new Running(process, output);
    }

    @Override
    public void close() {
        started.forEach(Process::destroyForcibly);
    }
}
