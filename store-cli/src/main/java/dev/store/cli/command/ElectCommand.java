package dev.store.cli.command;

import dev.store.api.client.Bytes;
import dev.store.api.client.StoreClient;
import dev.store.api.error.GrpcErrors;
import dev.store.api.locks.Holder;
import dev.store.api.locks.LockSpec;
import dev.store.api.locks.Observation;
import dev.store.cli.ExitCode;
import dev.store.cli.print.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "elect",
        header = "Stand for election, or follow who is elected.",
        description = {
            "Waits until elected, then runs the command as long as it leads, or leads until ^C. VALUE is what the",
            "others see, such as an address. An election is an exclusive lock with a value: see store lock --help."
        },
        footer = {
            "",
            "Examples:",
            "  store elect scheduler 10.0.0.7:9000 -- ./scheduler",
            "  store elect scheduler --observe                prints the leader, and each change"
        })
final class ElectCommand extends HoldingCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "The election.")
    String name = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "VALUE", description = "What the others see.")
    @Nullable
    String value;

    @Parameters(index = "2..*", paramLabel = "COMMAND", description = "What to run while it leads, after --.")
    List<String> command = new ArrayList<>();

    @Option(names = "--observe", order = 1, description = "Print the leader, then each change, until ^C.")
    boolean observe;

    ElectCommand(Context context) {
        super(context);
    }

    @Override
    int run(StoreClient client) throws IOException {
        if (observe) {
            if (value != null) {
                throw new IllegalArgumentException("VALUE: \"" + value + "\" (expected: none with --observe)");
            }
            return follow(client);
        }
        if (value == null) {
            throw new IllegalArgumentException("VALUE: missing (expected: what the others see, or --observe)");
        }
        return hold(client, LockSpec.exclusive(name), Bytes.of(value), command);
    }

    private int follow(StoreClient client) {
        try (Observation observation = client.locks().observe(name, this::print)) {
            observation.ended().join();
            return ExitCode.OK;
        } catch (CompletionException e) {
            throw GrpcErrors.fromGrpc(e);
        }
    }

    private void print(Optional<Holder> leader) {
        try {
            if (cluster.json()) {
                Json document = new Json().object().field("name", name);
                if (leader.isPresent()) {
                    document.field("owner", leader.get().owner())
                            .field("token", leader.get().token())
                            .bytes("value", leader.get().value().toByteString());
                }
                context.println(document.endObject().take());
            } else {
                context.println(leader.map(holder -> "leader "
                                + dev.store.cli.print.Text.line(holder.value().toByteString()) + ", owner "
                                + holder.owner() + ", token " + holder.token())
                        .orElse("no leader"));
            }
            context.out().flush();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
