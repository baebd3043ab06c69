package dev.store.jepsen;

import dev.store.jepsen.cluster.RigException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code jepsen}. */
@Command(
        name = "jepsen",
        mixinStandardHelpOptions = true,
        description = "Breaks real clusters of Store and checks what they promised.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            CheckCommand.class,
            MatrixCommand.class,
            CampaignCommand.class,
            SeededBugsCommand.class
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:every promise was kept",
            "1:a promise was broken",
            "2:the arguments are wrong",
            "3:the run shows nothing: thin traffic, a fault that did not bite, or a checker that came to no end",
            "4:the rig failed"
        })
public final class Jepsen {
    private static final int USAGE = 2;
    private static final int RIG = 4;

    private Jepsen() {}

    /** Runs the command. */
    public static void main(String[] args) {
        CommandLine command = new CommandLine(new Jepsen());
        command.setExecutionExceptionHandler((failure, line, parsed) -> {
            line.getErr().println("jepsen: " + failure.getMessage());
            if (failure instanceof IllegalArgumentException) {
                return USAGE;
            }
            if (!(failure instanceof RigException)) {
                failure.printStackTrace(line.getErr());
            }
            return RIG;
        });
        System.exit(command.execute(args));
    }
}
