package dev.store.cli.command;

import dev.store.api.v1.CompactRequest;
import dev.store.api.v1.CompactResponse;
import dev.store.cli.ExitCode;
import dev.store.cli.call.Calls;
import dev.store.cli.call.Methods;
import dev.store.cli.print.Json;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "compact",
        header = "Forget history up to a revision.",
        description = {
            "Versions that were overwritten or deleted at or before REVISION can no longer be read or watched from.",
            "The state at REVISION itself stays readable."
        },
        footer = {"", "Examples:", "  store compact 1200", "  store compact 1200 --physical --timeout 1m"})
final class CompactCommand extends ClusterCommand {
    @Parameters(index = "0", paramLabel = "REVISION", description = "The revision.")
    long revision;

    @Option(
            names = "--physical",
            order = 1,
            description = "Wait until the member asked has also removed what is forgotten from its files.")
    boolean physical;

    CompactCommand(Context context) {
        super(context);
    }

    @Override
    int run(Calls calls) throws IOException {
        CompactRequest request = CompactRequest.newBuilder()
                .setNamespace(namespace())
                .setOperation(OperationIds.next())
                .setRevision(revision)
                .setWaitPhysical(physical)
                .build();
        CompactResponse response = calls.unary(Methods.compact(), request);
        if (json()) {
            context.println(new Json()
                    .object()
                    .field("revision", response.getHeader().getRevision())
                    .field("compact_revision", revision)
                    .endObject()
                    .take());
        } else {
            context.println("compacted up to revision " + revision);
        }
        return ExitCode.OK;
    }
}
