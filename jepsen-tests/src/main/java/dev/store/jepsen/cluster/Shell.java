package dev.store.jepsen.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Short commands of the system, run to their end. */
public final class Shell {
    private static final long LIMIT_SECONDS = 120;
    private static final List<String> FOLDERS = List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin");

    private Shell() {}

    /** What it printed; throws RigException if it failed. */
    public static String run(String... command) {
        return run(Arrays.asList(command));
    }

    /** What it printed; throws RigException if it failed. */
    public static String run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new RigException(String.join(" ", command) + " did not end within " + LIMIT_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                throw new RigException(
                        String.join(" ", command) + " ended with " + process.exitValue() + ": " + output.strip());
            }
            return output;
        } catch (IOException e) {
            throw new RigException("cannot run " + String.join(" ", command), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RigException("interrupted while " + String.join(" ", command) + " ran", e);
        }
    }

    /** Whether it ended well. */
    public static boolean succeeds(String... command) {
        try {
            String unused = run(command);
            return true;
        } catch (RigException e) {
            return false;
        }
    }

    /** Whether there is such a command. */
    public static boolean has(String name) {
        return FOLDERS.stream().anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }

    /** Whether this process has all rights. */
    public static boolean isRoot() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.anyMatch(line -> line.matches("Uid:\\s+\\d+\\s+0\\s.*"));
        } catch (IOException e) {
            return false;
        }
    }
}
