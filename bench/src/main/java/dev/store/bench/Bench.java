package dev.store.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures Store: the inner parts, or a real cluster under load.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {RunCommand.class, CompareCommand.class, ReportCommand.class, MicroCommand.class})
public final class Bench {
    private Bench() {}

    /** Runs the command; exits with 0, with 1 if it failed, and with 2 if its arguments are wrong. */
    public static void main(String[] args) {
        CommandLine command = new CommandLine(new Bench());
        command.setExecutionExceptionHandler((failure, line, parsed) -> {
            line.getErr().println("bench: " + failure.getMessage());
            if (!(failure instanceof IllegalArgumentException)) {
                failure.printStackTrace(line.getErr());
            }
            return failure instanceof IllegalArgumentException ? 2 : 1;
        });
        System.exit(command.execute(args));
    }
}
