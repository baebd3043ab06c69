package dev.store.raft.consensus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;

/** What is done with whole folders of files, durably. */
final class Folders {
    private Folders() {}

    /** Deletes a folder with everything in it; nothing happens if it does not exist. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** All files below a folder, in order of their paths. */
    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** What lies directly in a folder, in order of names; nothing if it does not exist. */
    static List<Path> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }

    /** Bytes of all files below a folder; files that vanish meanwhile count for nothing. */
    static long bytes(Path folder) {
        long sum = 0;
        try {
            for (Path file : files(folder)) {
                sum += file.toFile().length();
            }
        } catch (IOException e) {
            return sum;
        }
        return sum;
    }

    /** Forces every file and folder below a folder, itself and its parent to disk. */
    static void sync(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) walk::iterator) {
                syncOne(path);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        Path parent = folder.getParent();
        if (parent != null) {
            syncOne(parent);
        }
    }

    /** Forces one file or one folder's entries to disk. */
    static void syncOne(Path path) throws IOException {
        // A folder can be forced through a channel opened for reading, a file only through one opened for writing on
        // some systems; on Linux reading is enough for both.
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Writes a small file so that after a crash either the whole of it is there or nothing. */
    static void writeAtomically(Path file, byte[] content) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        Files.write(temporary, content);
        syncOne(temporary);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Path parent = file.getParent();
        if (parent != null) {
            syncOne(parent);
        }
    }
}
