package dev.store.cli.command;

import dev.store.api.error.StoreException;
import dev.store.api.locks.HeldLock;
import dev.store.cli.ExitCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A process that lives at most as long as the lock that it runs under. */
final class GuardedProcess {
    private final Context context;
    private final HeldLock lock;
    private final long graceMillis;

    GuardedProcess(Context context, HeldLock lock, long graceMillis) {
        this.context = context;
        this.lock = lock;
        this.graceMillis = graceMillis;
    }

    /** Runs a command; its exit code, or {@link ExitCode#CONFLICT} if the lock was lost meanwhile. */
    int run(List<String> command) throws IOException {
        context.out().flush();
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("STORE_LOCK_NAME", lock.name());
        builder.environment().put("STORE_LOCK_TOKEN", Long.toString(lock.token()));
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            HoldingCommand.giveBack(lock);
            throw e;
        }
        // Told to end, this process ends the other one first, and then gives the lock back.
        Thread hook = new Thread(
                () -> {
                    end(process);
                    HoldingCommand.giveBack(lock);
                },
                "end-process");
        Runtime.getRuntime().addShutdownHook(hook);
        AtomicReference<@Nullable StoreException> loss = new AtomicReference<>();
        var unused = lock.lost().thenAccept(cause -> {
            loss.set(cause);
            end(process);
        });
        int exitCode = await(process);
        HoldingCommand.remove(hook);
        StoreException lost = loss.get();
        if (lost != null) {
            context.err().println("store: the command was ended: " + lost.getMessage());
            return ExitCode.CONFLICT;
        }
        HoldingCommand.giveBack(lock);
        return exitCode;
    }

    private int await(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            end(process);
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        }
    }

    /** Asks the process and what it has started to end, and ends what has not after a while. */
    private void end(Process process) {
        Set<ProcessHandle> all = stopped(process.toHandle());
        all.forEach(ProcessHandle::destroy);
        signal("CONT", all);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(graceMillis);
        for (ProcessHandle each : all) {
            try {
                each.onExit().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                each.destroyForcibly();
            }
        }
    }

    /**
     * A process and everything below it, stopped first, so that none of them starts another one that nobody would see: the
     * children of a process that has ended are nobody's, and would go on without the lock.
     */
    private static Set<ProcessHandle> stopped(ProcessHandle root) {
        Set<ProcessHandle> known = new LinkedHashSet<>();
        List<ProcessHandle> found = List.of(root);
        while (known.addAll(found)) {
            signal("STOP", known);
            found = root.descendants().toList();
        }
        return known;
    }

    private static void signal(String name, Collection<ProcessHandle> processes) {
        List<String> kill = new ArrayList<>(List.of("/bin/kill", "-" + name));
        processes.forEach(process -> kill.add(Long.toString(process.pid())));
        try {
            // Those that have ended meanwhile are complained of, and need no signal.
            new ProcessBuilder(kill)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            // Without kill(1) they are ended all the same, but for what one of them starts at this very moment.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
