package dev.store.cli.command;

import dev.store.api.client.StoreClient;
import dev.store.cli.ExitCode;
import dev.store.cli.demo.Demo;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;

@Command(
        name = "demo",
        header = "Show what Store is for: a small payment system on a running cluster.",
        description = {
            "Three little HTTP processes register as a service, a caller balances over them, one is killed, a",
            "configuration change and a gray release reach them, and two workers contend for a lock. All of it happens in",
            "the namespace \"demo\", which is tidied up. docs/tour.md walks the same way by hand."
        },
        footer = {"", "Examples:", "  store cluster start && store demo"})
final class DemoCommand extends StreamCommand {
    DemoCommand(Context context) {
        super(context);
    }

    @Override
    int run(StoreClient client) throws IOException {
        if (cluster.json()) {
            throw new IllegalArgumentException("--output: json (expected: text; the tour is for people)");
        }
        Demo.run(client, new PrintWriter(new OutputStreamWriter(context.out(), StandardCharsets.UTF_8)));
        return ExitCode.OK;
    }
}
