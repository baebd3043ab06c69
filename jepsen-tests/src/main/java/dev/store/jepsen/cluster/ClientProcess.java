package dev.store.jepsen.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A client of a cluster that is a process of its own, so that it can be killed or stopped: the command {@code store}. */
public final class ClientProcess implements AutoCloseable {
    private final Process process;
    private final File output;
    private final String what;

    private ClientProcess(Process process, File output, String what) {
        this.process = process;
        this.output = output;
        this.what = what;
    }

    /** Starts it, with the arguments of the command; it knows the nodes of the cluster. Does not wait for anything. */
    public static ClientProcess start(Cluster cluster, String... arguments) {
        Path folder;
        try {
            folder = Files.createTempDirectory(cluster.folder(), "client-");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a folder in " + cluster.folder(), e);
        }
        StoreCommand command =
                new StoreCommand(Distribution.find(), folder, Map.of("STORE_ENDPOINTS", cluster.endpoints()));
        File output = command.newOutput();
        return new ClientProcess(command.start(output, arguments), output, "store " + String.join(" ", arguments));
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /** SIGKILL; returns when the process is gone. */
    public void kill() {
        process.destroyForcibly();
        Await.until(Await.PATIENCE, "the end of " + this, () -> !process.isAlive());
    }

    /** SIGSTOP; returns when all of its threads have stopped. */
    public void pause() {
        Spawner.signal(pid(), "STOP");
        Await.until(Await.PATIENCE, "all threads of " + this + " stopped", () -> Spawner.isStopped(pid()));
    }

    /** SIGCONT. */
    public void resume() {
        Spawner.signal(pid(), "CONT");
    }

    /** What it has printed so far, errors included; the last line may be a part of one. */
    public List<String> lines() {
        try {
            return Files.readString(output.toPath()).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + output, e);
        }
    }

    /** Waits for something that it does before it is hurt; throws NoBiteException with what it printed if it does not. */
    public void await(Duration limit, String what, Supplier<Boolean> done) {
        try {
            Await.until(limit, what + " by " + this, () -> {
                if (!isRunning()) {
                    throw new RigException(this + " ended with " + process.exitValue());
                }
                return done.get();
            });
        } catch (RigException e) {
            throw new NoBiteException(e.getMessage() + "; it printed: " + String.join("\n", lines()));
        }
    }

    /** Kills it if it runs. */
    @Override
    public void close() {
        process.destroyForcibly();
    }

    @Override
    public String toString() {
        return "`" + what + "` (process " + pid() + ")";
    }
}
