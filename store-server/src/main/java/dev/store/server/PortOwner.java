package dev.store.server;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Names the process that listens on a port, where the system lets us see it (Linux, same user). */
final class PortOwner {
    private static final String LISTENING = "0A";

    private PortOwner() {}

    /** " by process 123 (java)", or nothing. */
    static String describe(int port) {
        try {
            List<String> sockets = sockets(port);
            if (sockets.isEmpty()) {
                return "";
            }
            return owner(sockets)
                    .map(pid -> " by process " + pid + " (" + name(pid) + ")")
                    .orElse("");
        } catch (IOException | RuntimeException e) {
            // Only a hint: without /proc there is none.
            return "";
        }
    }

    private static List<String> sockets(int port) throws IOException {
        List<String> sockets = new ArrayList<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            if (!Files.isReadable(Path.of(table))) {
                continue;
            }
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] columns = line.strip().split("\\s+", -1);
                if (columns.length > 9
                        && columns[3].equals(LISTENING)
                        && columns[1].endsWith(String.format(":%04X", port))) {
                    sockets.add("socket:[" + columns[9] + "]");
                }
            }
        }
        return sockets;
    }

    private static Optional<String> owner(List<String> sockets) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process.resolve("fd"), sockets)) {
                    return Optional.of(String.valueOf(process.getFileName()));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean holds(Path descriptors, List<String> sockets) {
        if (!Files.isReadable(descriptors)) {
            return false;
        }
        try (DirectoryStream<Path> links = Files.newDirectoryStream(descriptors)) {
            for (Path link : links) {
                if (sockets.contains(Files.readSymbolicLink(link).toString())) {
                    return true;
                }
            }
        } catch (IOException | RuntimeException e) {
            // It ended, or is not ours to look at.
            return false;
        }
        return false;
    }

    private static String name(String pid) {
        try {
            return Files.readString(Path.of("/proc", pid, "comm")).strip();
        } catch (IOException e) {
            return "?";
        }
    }
}
