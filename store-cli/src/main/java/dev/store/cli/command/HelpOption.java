package dev.store.cli.command;

import picocli.CommandLine.Option;

/** The option that every command has. */
final class HelpOption {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            order = 110,
            description = "Show this help.")
    boolean asked;
}
