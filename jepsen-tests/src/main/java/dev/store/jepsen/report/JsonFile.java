package dev.store.jepsen.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/** Records in files that are there as a whole or not at all, whenever the rig is stopped. */
public final class JsonFile {
    private static final Gson GSON =
            new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

    private JsonFile() {}

    /** Writes a record, and its folder if that is missing. */
    public static void write(Path file, Object value) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(part, GSON.toJson(value) + "\n");
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Reads a record; throws IllegalArgumentException if the file holds something else. */
    public static <T> T read(Path file, Class<T> type) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        try {
            return Objects.requireNonNull(GSON.fromJson(text, type), "nothing in it");
        } catch (RuntimeException e) {
            // Also what the record itself refuses, which comes wrapped.
            throw new IllegalArgumentException(
                    file + ": " + e.getMessage() + " (expected: a " + type.getSimpleName()
                            + " as this version writes it)",
                    e);
        }
    }
}
