package dev.store.cli.local;

import dev.store.cli.ExitCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The folder of a local cluster. */
public final class Folder {
    private static final long USABLE_BYTES_MIN = 64L * 1024 * 1024;

    private Folder() {}

    /** The folder asked for: {@code --dir}, else STORE_LOCAL_DIR, else one below the user's data folder. */
    public static Path of(@Nullable Path asked, Map<String, String> environment) {
        if (asked != null) {
            return asked.toAbsolutePath().normalize();
        }
        String variable = environment.getOrDefault("STORE_LOCAL_DIR", "");
        if (!variable.isBlank()) {
            return Path.of(variable).toAbsolutePath().normalize();
        }
        String data = environment.getOrDefault("XDG_DATA_HOME", "");
        Path base = data.isBlank()
                ? Path.of(environment.getOrDefault("HOME", System.getProperty("user.home", ".")), ".local", "share")
                : Path.of(data);
        return base.resolve("store").resolve("cluster").toAbsolutePath().normalize();
    }

    /** Makes the folder if need be, and makes sure that something can be written into it. */
    static void requireUsable(Path folder) {
        try {
            Files.createDirectories(folder);
            Path probe = Files.createTempFile(folder, "probe", "");
            Files.writeString(probe, "written to see whether it can be");
            Files.delete(probe);
        } catch (IOException e) {
            throw unusable(folder, e);
        }
        long usable = folder.toFile().getUsableSpace();
        if (usable < USABLE_BYTES_MIN) {
            throw new LocalFailure(
                    "FOLDER_UNUSABLE",
                    folder + ": " + (usable >> 20) + " MiB are free (expected: at least " + (USABLE_BYTES_MIN >> 20)
                            + " MiB)",
                    "Make room, or name another folder with --dir.",
                    ExitCode.FAILED);
        }
    }

    static LocalFailure unusable(Path folder, IOException e) {
        String why = String.valueOf(e.getMessage());
        if (e instanceof AccessDeniedException denied) {
            why = "no permission to write " + denied.getFile();
        } else if (e instanceof FileSystemException system && system.getReason() != null) {
            why = system.getFile() + ": " + system.getReason();
        }
        return new LocalFailure(
                "FOLDER_UNUSABLE",
                "cannot use the folder " + folder + ": " + why,
                "Make it writable, or name another folder with --dir.",
                ExitCode.FAILED);
    }

    /** Keeps a second command from changing the same cluster at the same time. */
    static FileChannel lock(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // The same as a lock that another process holds.
            channel.close();
        }
        channel.close();
        throw new LocalFailure(
                "BUSY",
                "another command is at work on the cluster in " + folder,
                "Wait until it is done.",
                ExitCode.CONFLICT);
    }

    /** Deletes a folder with all that is in it; links are deleted, not followed. */
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
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
