package dev.store.jepsen.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Starts processes that never outlive this JVM: an orderly end kills them in a shutdown hook, and where
 * {@code setpriv} exists the kernel kills them when this JVM is killed itself.
 */
public final class Spawner {
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    /**
     * The parent-death signal is tied to the thread that forked, not to its process (prctl(2)): so all children come from
     * one thread that lives as long as the JVM.
     */
    private static final ExecutorService FORKER = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "jepsen-forker");
        thread.setDaemon(true);
        return thread;
    });

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "jepsen-reaper"));
    }

    private Spawner() {}

    /** Starts a process; its output and errors are appended to a file. */
    public static Process start(List<String> command, Path folder, File output, java.util.Map<String, String> env) {
        List<String> tied = new ArrayList<>();
        if (Files.isExecutable(SETPRIV)) {
            tied.addAll(List.of(SETPRIV.toString(), "--pdeathsig", "KILL", "--"));
        }
        tied.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(tied)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output));
        builder.environment().putAll(env);
        try {
            Process process = FORKER.submit(builder::start).get();
            RUNNING.removeIf(ended -> !ended.isAlive());
            RUNNING.add(process);
            return process;
        } catch (ExecutionException e) {
            throw new RigException("cannot start " + command, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RigException("interrupted while starting " + command, e);
        }
    }

    /** Sends a signal by name, such as {@code STOP}. */
    public static void signal(long pid, String name) {
        try {
            Process kill = new ProcessBuilder("/bin/kill", "-" + name, Long.toString(pid))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!kill.waitFor(60, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new RigException("kill -" + name + " " + pid + " failed: " + output.strip());
            }
        } catch (IOException e) {
            throw new RigException("cannot run /bin/kill", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RigException("interrupted while sending " + name + " to " + pid, e);
        }
    }

    /** Whether each thread of a process has been stopped by a signal: state T of proc(5). */
    static boolean isStopped(long pid) {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return threads.allMatch(Spawner::isStoppedThread);
        } catch (IOException e) {
            throw new RigException("cannot see the threads of process " + pid, e);
        }
    }

    private static boolean isStoppedThread(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1);
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (IOException e) {
            // It has ended since the folder was listed.
            return !Files.exists(thread);
        }
    }
}
