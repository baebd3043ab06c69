package dev.store.jepsen.series;

import dev.store.jepsen.report.JsonFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Plans of what was stopped. */
public final class Plans {
    private Plans() {}

    static <T> T read(Path file, Class<T> type) {
        if (!Files.exists(file)) {
            throw new IllegalArgumentException("--resume: no " + file + " (expected: a folder that holds one)");
        }
        return JsonFile.read(file, type);
    }

    /** Refuses an option that says otherwise than the plan: half of the runs would be something else. */
    public static void same(String option, @Nullable Object given, Object planned) {
        if (given != null && !given.equals(planned)) {
            throw new IllegalArgumentException(
                    option + ": " + given + " (expected: none, or " + planned + " as in what is resumed)");
        }
    }
}
