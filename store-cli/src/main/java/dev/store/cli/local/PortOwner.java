package dev.store.cli.local;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds out who listens on a port, where the system tells. */
final class PortOwner {
    private static final String LISTENING = "0A";
    private static final int COMMAND_CHARACTERS_MAX = 60;

    private PortOwner() {}

    /** The process, as in {@code process 123 (java -cp …)}; empty if it cannot be told. */
    static String describe(int port) {
        try {
            for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
                String inode = inode(Path.of(table), port);
                if (!inode.isEmpty()) {
                    return process("socket:[" + inode + "]");
                }
            }
        } catch (IOException | RuntimeException e) {
            // Another system, or no right to look.
            return "";
        }
        return "";
    }

    private static String inode(Path table, int port) throws IOException {
        if (!Files.exists(table)) {
            return "";
        }
        String suffix = ":" + String.format("%04X", port);
        for (String line : Files.readAllLines(table)) {
            List<String> columns = List.of(line.strip().split("\\s+"));
            if (columns.size() > 9
                    && columns.get(1).endsWith(suffix)
                    && columns.get(3).equals(LISTENING)) {
                return columns.get(9);
            }
        }
        return "";
    }

    private static String process(String socket) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, socket)) {
                    String command = Files.readString(process.resolve("cmdline"))
                            .replace('\0', ' ')
                            .strip();
                    String shown = command.length() <= COMMAND_CHARACTERS_MAX
                            ? command
                            : command.substring(0, COMMAND_CHARACTERS_MAX) + "…";
                    return "process " + process.getFileName() + " (" + shown + ")";
                }
            }
        }
        return "";
    }

    private static boolean holds(Path process, String socket) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (Files.isSymbolicLink(file)
                        && Files.readSymbolicLink(file).toString().equals(socket)) {
                    return true;
                }
            }
        } catch (IOException e) {
            return false;
        }
        return false;
    }
}
