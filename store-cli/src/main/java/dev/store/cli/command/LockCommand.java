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
        name = "lock",
        header = "Run a command under a lock, or hold the lock until ^C.",
        description = {
            "Waits for its turn. The command finds the fencing token in $STORE_LOCK_TOKEN and the name in",
            "$STORE_LOCK_NAME; if the lock is lost, it is ended (exit code 5). Else the exit code is the command's.",
            "Without a command, prints the token and holds the lock."
        },
        footer = {
            "",
            "Examples:",
            "  store lock jobs/nightly -- ./nightly.sh",
            "  store lock jobs/nightly --wait 0 -- ./nightly.sh      only if nobody holds it",
            "  store lock catalog --shared -- ./report.sh",
            "  store lock jobs/nightly -- sh -c 'store put done 1 --require-lock \"$STORE_LOCK_NAME:$STORE_LOCK_TOKEN\"'",
            "  store lock list",
            "  store lock show jobs/nightly"
        })
final class LockCommand extends HoldingCommand {
    // Not required, for the subcommands stand in its place.
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            description = "The lock: 1 to 128 of A-Z a-z 0-9 . _ - : @ /")
    String name = "";

    @Parameters(index = "1..*", paramLabel = "COMMAND", description = "What to run, after --.")
    List<String> command = new ArrayList<>();

    @Option(names = "--shared", order = 1, description = "Together with others that share it.")
    boolean shared;

    LockCommand(Context context) {
        super(context);
    }

    @Override
    int run(StoreClient client) throws IOException {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("NAME: missing (expected: the name of a lock, or list or show)");
        }
        return hold(client, shared ? LockSpec.shared(name) : LockSpec.exclusive(name), null, command);
    }
}
