package dev.store.cli.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who changes something, and why; the history keeps both. */
final class ConfigWords {
    @Option(
            names = "--author",
            paramLabel = "NAME",
            order = 20,
            description = "Who does it. Default: $$STORE_AUTHOR, else $$USER.")
    @Nullable
    String author;

    @Option(
            names = {"-m", "--comment"},
            paramLabel = "TEXT",
            order = 21,
            description = "Why.")
    String comment = "";

    String author(Context context) {
        if (author != null) {
            return author;
        }
        String told = context.environment().getOrDefault("STORE_AUTHOR", "");
        return told.isEmpty() ? context.environment().getOrDefault("USER", "") : told;
    }
}
