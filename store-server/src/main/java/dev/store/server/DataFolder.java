package dev.store.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Makes sure that the data folder can be written before anything is opened in it. */
final class DataFolder {
    /** With less there is no room for a segment of the log beside a write buffer of the database. */
    static final long LEAST_FREE_BYTES = 128L << 20;

    private DataFolder() {}

    /**
     * Creates the folder if need be, and writes and syncs a file in it.
     *
     * @throws StartFailure if that does not work
     */
    static void check(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            throw failure(folder, "is a file (expected: a folder)", e);
        } catch (IOException e) {
            throw failure(folder, "cannot be created: " + reason(e) + " (expected: a folder that can be written)", e);
        }
        Path probe = folder.resolve("writable.probe");
        try {
            long free = Files.getFileStore(folder).getUsableSpace();
            if (free < LEAST_FREE_BYTES) {
                throw failure(
                        folder,
                        "has " + (free >> 20) + " MiB free (expected: at least " + (LEAST_FREE_BYTES >> 20) + " MiB)",
                        null);
            }
            try (FileChannel file = FileChannel.open(probe, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.allocate(4_096));
                file.force(true);
            }
            Files.delete(probe);
        } catch (IOException e) {
            throw failure(folder, "cannot be written: " + reason(e) + " (expected: a folder that can be written)", e);
        }
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    private static StartFailure failure(
            Path folder, String what, java.lang.@org.jspecify.annotations.Nullable Throwable cause) {
        String message = "node.data: " + folder.toAbsolutePath() + " " + what;
        return cause == null
                ? new StartFailure(ExitCode.DATA_UNWRITABLE, message)
                : new StartFailure(ExitCode.DATA_UNWRITABLE, message, cause);
    }
}
