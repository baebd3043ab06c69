package dev.store.cli.command;

import picocli.CommandLine.Command;

@Command(
        name = "store",
        header = "Configuration, service instances and locks in a replicated store.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "First steps:",
            "  store cluster start          three members on this machine",
            "  store put greeting hello",
            "  store get greeting",
            "  store watch greeting         in another terminal, then put again",
            "",
            "Exit codes: 0 done, 1 the answer is no, 2 wrong usage, 3 unavailable,",
            "4 outcome unknown, 5 the state does not allow it, 6 failed on this machine."
        })
final class RootCommand extends GroupCommand {
    RootCommand(Context context) {
        super(context);
    }
}
