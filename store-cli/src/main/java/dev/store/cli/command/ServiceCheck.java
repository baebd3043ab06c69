package dev.store.cli.command;

import dev.store.api.v1.CheckState;
import dev.store.api.v1.InstanceState;
import dev.store.api.v1.ReadOptions;
import dev.store.api.v1.ResolveRequest;
import dev.store.api.v1.ResolveResponse;
import dev.store.api.v1.UpdateCheckRequest;
import dev.store.api.v1.UpdateCheckResponse;
import dev.store.cli.ExitCode;
import dev.store.cli.call.Calls;
import dev.store.cli.call.Methods;
import dev.store.cli.print.Json;
import dev.store.cli.print.Table;
import dev.store.cli.print.Text;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        header = "Show the checks of an instance, or report the status of one.",
        footer = {
            "",
            "Examples:",
            "  store service check payments host-1 8080",
            "  store service check payments host-1 8080 disk --status warning --text \"90 %% full\""
        })
final class ServiceCheck extends ClusterCommand {
    @Mixin
    final InstanceName name = new InstanceName();

    @Parameters(index = "3", arity = "0..1", paramLabel = "CHECK", description = "The check to report.")
    String check = "";

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            order = 1,
            description = "Status to report: passing, warning or critical.")
    @Nullable
    String status;

    @Option(names = "--text", paramLabel = "TEXT", order = 2, description = "What to say with it, at most 4 KiB.")
    String output = "";

    ServiceCheck(Context context) {
        super(context);
    }

    @Override
    int run(Calls calls) throws IOException {
        String reported = status;
        if (check.isEmpty() != (reported == null)) {
            throw new IllegalArgumentException("--status and CHECK (expected: both to report, none to show)");
        }
        return reported == null ? show(calls) : report(calls, reported);
    }

    private int report(Calls calls, String reported) throws IOException {
        UpdateCheckResponse response = calls.unary(
                Methods.updateCheck(),
                UpdateCheckRequest.newBuilder()
                        .setNamespace(namespace())
                        .setOperation(OperationIds.next())
                        .setRef(name.ref())
                        .setCheck(check)
                        .setStatus(ServiceText.status("--status", reported))
                        .setOutput(output)
                        .build());
        long revision = response.getHeader().getRevision();
        if (json()) {
            context.println(new Json()
                    .object()
                    .field("changed", response.getChanged())
                    .field("revision", revision)
                    .endObject()
                    .take());
        } else {
            context.println((response.getChanged() ? "reported" : "nothing new") + ", revision " + revision);
        }
        return ExitCode.OK;
    }

    private int show(Calls calls) throws IOException {
        ResolveResponse response = calls.unary(
                Methods.resolve(),
                ResolveRequest.newBuilder()
                        .setNamespace(namespace())
                        .setService(name.service)
                        .setEvery(true)
                        .setRead(ReadOptions.getDefaultInstance())
                        .build());
        for (InstanceState state : response.getInstancesList()) {
            if (state.getInstance().getNode().equals(name.node)
                    && state.getInstance().getId().equals(name.id)) {
                print(state);
                return ExitCode.OK;
            }
        }
        context.err().println("store: no such instance: " + name);
        return ExitCode.NO;
    }

    private void print(InstanceState state) throws IOException {
        if (json()) {
            Json document = new Json()
                    .object()
                    .field("status", ServiceText.status(state.getStatus()))
                    .field("since_ms", state.getSinceMs())
                    .array("checks");
            for (CheckState each : state.getChecksList()) {
                ServiceText.check(document.object(), each).endObject();
            }
            context.println(document.endArray().endObject().take());
            return;
        }
        context.println(ServiceText.status(state.getStatus()));
        Table table = new Table(3, "CHECK", "STATUS", "SINCE", "OUTPUT");
        for (CheckState each : state.getChecksList()) {
            long age = Math.max(0, System.currentTimeMillis() - each.getSinceMs());
            table.row(
                    each.getName(),
                    ServiceText.status(each.getStatus()),
                    Text.duration(age),
                    Text.line(com.google.protobuf.ByteString.copyFromUtf8(each.getOutput())));
        }
        if (!table.isEmpty()) {
            context.print(
                    table.render(context.terminal().out() ? context.terminal().columns() : 0, true));
        }
    }
}
