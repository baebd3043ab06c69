package dev.store.cli.command;

import dev.store.api.client.StoreClient;
import dev.store.api.locks.LockSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "semaphore",
        header = "Run a command under one of several permits.",
        description = {
            "Like store lock, but N may hold it at a time. All who ask must name the same N while it is in use.",
            "store lock list and store lock show show semaphores too."
        },
        footer = {"", "Examples:", "  store semaphore exports --permits 3 -- ./export.sh"})
final class SemaphoreCommand extends HoldingCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "The semaphore.")
    String name = "";

    @Parameters(index = "1..*", paramLabel = "COMMAND", description = "What to run, after --.")
    List<String> command = new ArrayList<>();

    @Option(
            names = "--permits",
            paramLabel = "N",
            required = true,
            order = 1,
            description = "How many may hold it at a time, 1 to 10000.")
    int permits;

    SemaphoreCommand(Context context) {
        super(context);
    }

    @Override
    int run(StoreClient client) throws IOException {
        return hold(client, LockSpec.permit(name, permits), null, command);
    }
}
