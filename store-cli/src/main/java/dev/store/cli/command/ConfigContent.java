package dev.store.cli.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** An entry, and what is to be its content. */
final class ConfigContent {
    @Parameters(index = "0", paramLabel = "ENTRY", description = "GROUP/NAME.")
    String entry = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "CONTENT",
            description = "The content; - for standard input. Or use --file.")
    @Nullable
    String content;
}
