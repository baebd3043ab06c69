package dev.store.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Finds the process of a node again.
 *
 * <p>A pid alone may by now belong to a stranger, after a crash or a restart of the machine. So the file also keeps
 * when the process started, and its command line must still name the node's configuration. Only a process that passes
 * both is ever signalled.
 */
final class Tracked {
    /** The kernel's clock of process starts and the wall clock may be read a little apart. */
    private static final Duration START_TOLERANCE = Duration.ofSeconds(2);

    private Tracked() {}

    /** The running process of a node; empty if it does not run. */
    static Optional<ProcessHandle> find(LocalNode node) {
        List<String> lines;
        try {
            lines = Files.readAllLines(node.pidFile());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
        if (lines.size() < 2) {
            return Optional.empty();
        }
        try {
            long pid = Long.parseLong(lines.get(0));
            Instant start = Instant.parse(lines.get(1));
            return ProcessHandle.of(pid).filter(process -> alive(process) && sameAs(process, start, node));
        } catch (RuntimeException e) {
            // A file that was cut off says nothing.
            return Optional.empty();
        }
    }

    /** Remembers the process of a node. */
    static void remember(LocalNode node, ProcessHandle process) throws IOException {
        Instant start = process.info().startInstant().orElseGet(Instant::now);
        Path temporary = node.folder().resolve("pid.new");
        Files.writeString(temporary, process.pid() + "\n" + start + "\n");
        Files.move(temporary, node.pidFile(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static void forget(LocalNode node) throws IOException {
        Files.deleteIfExists(node.pidFile());
    }

    private static boolean sameAs(ProcessHandle process, Instant start, LocalNode node) {
        boolean sameStart = process.info()
                .startInstant()
                .map(other -> Duration.between(start, other).abs().compareTo(START_TOLERANCE) <= 0)
                .orElse(false);
        return sameStart && mayName(commandLine(process), node);
    }

    /**
     * Whether a process with this command line may be the node. It is empty while a process turns into another program
     * (execve), as a launcher does, for as long as a busy machine takes to load that program; the kernel's own processes,
     * whose command line is always empty, did not start when the node did.
     */
    static boolean mayName(String commandLine, LocalNode node) {
        return commandLine.isEmpty() || commandLine.contains(node.config().toString());
    }

    /** A process that has ended but was not yet asked for by its parent is dead all the same. */
    private static boolean alive(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return !stat.substring(stat.lastIndexOf(')') + 1).startsWith(" Z");
        } catch (IOException e) {
            return process.isAlive();
        }
    }

    private static String commandLine(ProcessHandle process) {
        try {
            // ProcessHandle cuts long command lines off.
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                    .replace('\0', ' ');
        } catch (IOException e) {
            return process.info().commandLine().orElse("");
        }
    }
}
