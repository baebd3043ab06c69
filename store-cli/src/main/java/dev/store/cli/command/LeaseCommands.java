package dev.store.cli.command;

import com.google.protobuf.ByteString;
import dev.store.api.Limits;
import dev.store.api.v1.LeaseGrantRequest;
import dev.store.api.v1.LeaseGrantResponse;
import dev.store.api.v1.LeaseInfo;
import dev.store.api.v1.LeaseListRequest;
import dev.store.api.v1.LeaseListResponse;
import dev.store.api.v1.LeaseRevokeRequest;
import dev.store.api.v1.LeaseRevokeResponse;
import dev.store.api.v1.LeaseTimeToLiveRequest;
import dev.store.api.v1.LeaseTimeToLiveResponse;
import dev.store.cli.ExitCode;
import dev.store.cli.call.Calls;
import dev.store.cli.call.Methods;
import dev.store.cli.print.Json;
import dev.store.cli.print.Table;
import dev.store.cli.print.Text;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code store lease …}: keys that live as long as somebody keeps their lease alive. */
final class LeaseCommands {
    private LeaseCommands() {}

    @Command(
            name = "lease",
            header = "Grant, keep alive, show and revoke leases.",
            description = "Keys attached to a lease (store put --lease ID) are deleted when it ends.",
            synopsisSubcommandLabel = "COMMAND",
            footer = {
                "",
                "Examples:",
                "  store lease grant 60s                     prints the id",
                "  store put service/a 10.0.0.1 --lease ID",
                "  store lease keep-alive ID                 until ^C",
                "  store lease ttl ID --keys",
                "  store lease revoke ID"
            })
    static final class Group extends GroupCommand {
        Group(Context context) {
            super(context);
        }
    }

    @Command(
            name = "grant",
            header = "Create a lease and print its id.",
            footer = {"", "Examples:", "  store lease grant 60s", "  id=$(store lease grant 5m)"})
    static final class Grant extends ClusterCommand {
        @Parameters(
                index = "0",
                paramLabel = "TTL",
                description = "Time to live without a keepalive, 1s to 365d; a bare number counts seconds.")
        String ttl = "";

        @Option(names = "--id", paramLabel = "ID", order = 1, description = "Wanted id. Default: the server chooses.")
        long id;

        Grant(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            LeaseGrantRequest request = LeaseGrantRequest.newBuilder()
                    .setNamespace(namespace())
                    .setOperation(OperationIds.next())
                    .setTtlMs(Durations.parseMillis("TTL", ttl))
                    .setLeaseId(id)
                    .build();
            LeaseGrantResponse response = calls.unary(Methods.leaseGrant(), request);
            if (json()) {
                context.println(new Json()
                        .object()
                        .id("lease_id", response.getLeaseId())
                        .field("ttl_ms", response.getTtlMs())
                        .field("revision", response.getHeader().getRevision())
                        .endObject()
                        .take());
            } else {
                context.println(Long.toString(response.getLeaseId()));
            }
            return ExitCode.OK;
        }
    }

    @Command(name = "revoke", header = "End a lease and delete its keys, all at one revision.")
    static final class Revoke extends ClusterCommand {
        @Parameters(index = "0", paramLabel = "ID", description = "The lease.")
        long id;

        Revoke(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            LeaseRevokeRequest request = LeaseRevokeRequest.newBuilder()
                    .setNamespace(namespace())
                    .setOperation(OperationIds.next())
                    .setLeaseId(id)
                    .build();
            LeaseRevokeResponse response = calls.unary(Methods.leaseRevoke(), request);
            long revision = response.getHeader().getRevision();
            if (json()) {
                context.println(new Json()
                        .object()
                        .id("lease_id", id)
                        .field("deleted", response.getDeleted())
                        .field("revision", revision)
                        .endObject()
                        .take());
            } else {
                context.println("revoked; deleted " + Text.count(response.getDeleted(), "key", "keys") + ", revision "
                        + revision);
            }
            return ExitCode.OK;
        }
    }

    @Command(name = "ttl", header = "Show how long a lease still lives.")
    static final class Ttl extends ClusterCommand {
        @Parameters(index = "0", paramLabel = "ID", description = "The lease.")
        long id;

        @Option(names = "--keys", order = 1, description = "Also print the attached keys.")
        boolean keys;

        Ttl(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            LeaseTimeToLiveRequest request = LeaseTimeToLiveRequest.newBuilder()
                    .setNamespace(namespace())
                    .setLeaseId(id)
                    .setKeys(keys)
                    .build();
            LeaseTimeToLiveResponse response = calls.unary(Methods.leaseTimeToLive(), request);
            if (json()) {
                Json document = new Json()
                        .object()
                        .id("lease_id", id)
                        .field("granted_ttl_ms", response.getGrantedTtlMs())
                        .field("remaining_ms", response.getRemainingMs())
                        .field("granted_at_ms", response.getGrantedAtMs());
                if (keys) {
                    document.array("keys");
                    response.getKeysList().forEach(document::element);
                    document.endArray();
                }
                context.println(document.endObject().take());
                return ExitCode.OK;
            }
            context.println(Text.duration(response.getRemainingMs()) + " of "
                    + Text.duration(response.getGrantedTtlMs()) + " left");
            for (ByteString key : response.getKeysList()) {
                context.println(Text.line(key));
            }
            return ExitCode.OK;
        }
    }

    @Command(name = "list", header = "List the leases of the namespace.")
    static final class ListAll extends ClusterCommand {
        @Mixin
        final ReadFlags read = new ReadFlags();

        ListAll(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            Table table = new Table(0, "LEASE", "TTL", "KEYS");
            Json document = new Json().object().array("leases");
            long after = 0;
            boolean more = true;
            while (more) {
                LeaseListResponse page = calls.unary(Methods.leaseList(), request(after));
                for (LeaseInfo lease : page.getLeasesList()) {
                    after = lease.getLeaseId();
                    table.row(
                            Long.toString(after),
                            Text.duration(lease.getGrantedTtlMs()),
                            Long.toString(lease.getAttachedKeys()));
                    document.object()
                            .id("lease_id", after)
                            .field("granted_ttl_ms", lease.getGrantedTtlMs())
                            .field("attached_keys", lease.getAttachedKeys())
                            .endObject();
                }
                more = page.getMore();
            }
            if (json()) {
                context.println(document.endArray().endObject().take());
            } else if (table.isEmpty()) {
                context.err().println("store: no leases");
            } else {
                context.print(table.render(0, true));
            }
            return ExitCode.OK;
        }

        private LeaseListRequest request(long after) {
            return LeaseListRequest.newBuilder()
                    .setNamespace(namespace())
                    .setRead(read.options())
                    .setAfterLeaseId(after)
                    .setLimit(Limits.PAGE_ENTRIES)
                    .build();
        }
    }
}
