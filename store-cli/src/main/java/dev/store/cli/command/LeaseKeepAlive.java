package dev.store.cli.command;

import dev.store.api.client.Lease;
import dev.store.api.client.StoreClient;
import dev.store.api.error.GrpcErrors;
import dev.store.cli.ExitCode;
import dev.store.cli.print.Json;
import dev.store.cli.print.Text;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "keep-alive",
        header = "Renew a lease until ^C (exit code 130).",
        description = "The lease is not revoked then: it ends when its time has passed. Exit code 1 if it has ended.",
        footer = {"", "Examples:", "  store lease keep-alive 1234", "  store lease keep-alive 1234 --once"})
final class LeaseKeepAlive extends StreamCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The lease.")
    long id;

    @Option(names = "--once", order = 1, description = "Renew it once.")
    boolean once;

    LeaseKeepAlive(Context context) {
        super(context);
    }

    @Override
    int run(StoreClient client) throws IOException {
        try {
            Lease lease = client.leases().keepAlive(id).join();
            print(lease);
            if (once) {
                lease.letGo();
                return ExitCode.OK;
            }
            throw lease.lost().join();
        } catch (CompletionException e) {
            throw GrpcErrors.fromGrpc(e);
        }
    }

    private void print(Lease lease) throws IOException {
        if (cluster.json()) {
            context.println(new Json()
                    .object()
                    .id("lease_id", id)
                    .field("ttl_ms", lease.ttl().toMillis())
                    .endObject()
                    .take());
        } else {
            context.println("lease " + id + " renewed, lives "
                    + Text.duration(lease.ttl().toMillis()) + " from now");
        }
        context.out().flush();
    }
}
