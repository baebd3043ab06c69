package dev.store.cli.command;

import dev.store.api.v1.AddLearnerRequest;
import dev.store.api.v1.Member;
import dev.store.api.v1.MemberChangeResponse;
import dev.store.api.v1.MembersRequest;
import dev.store.api.v1.MembersResponse;
import dev.store.api.v1.PromoteRequest;
import dev.store.api.v1.RemoveRequest;
import dev.store.api.v1.TransferLeadershipRequest;
import dev.store.api.v1.TransferLeadershipResponse;
import dev.store.cli.ExitCode;
import dev.store.cli.call.Calls;
import dev.store.cli.call.Endpoint;
import dev.store.cli.call.Methods;
import dev.store.cli.print.Json;
import dev.store.cli.print.Table;
import dev.store.cli.print.Text;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code store member …}: who the members are, and how that changes. */
final class MemberCommands {
    private MemberCommands() {}

    @Command(
            name = "member",
            header = "List, add, promote and remove members; hand over leadership.",
            synopsisSubcommandLabel = "COMMAND",
            footer = {
                "",
                "Examples:",
                "  store member list",
                "  store member add node4 --client 127.0.0.1:7430 --raft 127.0.0.1:7431",
                "  store member promote node4",
                "  store member transfer-leader node2",
                "  store member remove node4"
            })
    static final class Group extends GroupCommand {
        Group(Context context) {
            super(context);
        }
    }

    @Command(name = "list", header = "List the members with their state.")
    static final class ListAll extends ClusterCommand {
        ListAll(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            MembersResponse response = calls.unary(Methods.members(), MembersRequest.getDefaultInstance());
            return print(this, response.getMembersList());
        }
    }

    @Command(
            name = "add",
            header = "Add a member as a learner.",
            description = {
                "A learner receives the log and serves reads, but does not vote; promote it when it has caught up. Its",
                "node must already run, started with an empty data folder and cluster.join: true."
            },
            footer = {"", "Examples:", "  store member add node4 --client 127.0.0.1:7430 --raft 127.0.0.1:7431"})
    static final class Add extends ClusterCommand {
        @Parameters(index = "0", paramLabel = "NAME", description = "Name of the node, as in its configuration.")
        String name = "";

        @Option(
                names = "--client",
                required = true,
                paramLabel = "HOST:PORT",
                order = 1,
                description = "Where it listens for clients.")
        String client = "";

        @Option(
                names = "--raft",
                required = true,
                paramLabel = "HOST:PORT",
                order = 2,
                description = "Where it listens for other members.")
        String raft = "";

        Add(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            MemberChangeResponse response = calls.unary(
                    Methods.addLearner(),
                    AddLearnerRequest.newBuilder()
                            .setName(name)
                            .setClientEndpoint(Endpoint.parse(client).toString())
                            .setRaftEndpoint(Endpoint.parse(raft).toString())
                            .build());
            return print(this, response.getMembersList());
        }
    }

    @Command(name = "promote", header = "Make a learner a voter.")
    static final class Promote extends ClusterCommand {
        @Parameters(index = "0", paramLabel = "NAME", description = "The learner.")
        String name = "";

        Promote(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            MemberChangeResponse response = calls.unary(
                    Methods.promote(), PromoteRequest.newBuilder().setName(name).build());
            return print(this, response.getMembersList());
        }
    }

    @Command(
            name = "remove",
            header = "Remove a member.",
            description = "Refused if the voters that answer would be no majority of those that stay.")
    static final class Remove extends ClusterCommand {
        @Parameters(index = "0", paramLabel = "NAME", description = "The member.")
        String name = "";

        Remove(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            MemberChangeResponse response = calls.unary(
                    Methods.remove(), RemoveRequest.newBuilder().setName(name).build());
            return print(this, response.getMembersList());
        }
    }

    @Command(name = "transfer-leader", header = "Hand leadership to another voter.")
    static final class TransferLeader extends ClusterCommand {
        @Parameters(
                index = "0",
                arity = "0..1",
                paramLabel = "NAME",
                description = "The voter that is to lead. Default: the one that is least behind.")
        @Nullable
        String name;

        TransferLeader(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            TransferLeadershipResponse response = calls.unary(
                    Methods.transferLeadership(),
                    TransferLeadershipRequest.newBuilder()
                            .setName(name == null ? "" : name)
                            .build());
            if (json()) {
                context.println(new Json()
                        .object()
                        .field("leader", response.getLeader())
                        .endObject()
                        .take());
            } else {
                context.println("leader " + response.getLeader());
            }
            return ExitCode.OK;
        }
    }

    private static int print(ClusterCommand command, List<Member> members) throws IOException {
        Json document = new Json().object().array("members");
        Table table = new Table(7, "NAME", "ROLE", "CLIENT", "RAFT", "REVISION", "LAG", "SIZE", "NOTE");
        for (Member member : members) {
            String role = Roles.name(member.getRole());
            document.object()
                    .id("id", member.getId())
                    .field("name", member.getName())
                    .field("role", role)
                    .field("reachable", member.getReachable())
                    .field("client_endpoint", member.getClientEndpoint())
                    .field("raft_endpoint", member.getRaftEndpoint())
                    .field("applied_index", member.getAppliedIndex())
                    .field("lag_entries", member.getLagEntries())
                    .field("revision", member.getRevision())
                    .field("db_size_bytes", member.getDbSizeBytes())
                    .field("version", member.getVersion())
                    .field("error", member.getError())
                    .endObject();
            boolean up = member.getReachable();
            table.row(
                    member.getName(),
                    role,
                    member.getClientEndpoint(),
                    member.getRaftEndpoint(),
                    up ? Long.toString(member.getRevision()) : "-",
                    up ? Long.toString(member.getLagEntries()) : "-",
                    up ? Text.bytes(member.getDbSizeBytes()) : "-",
                    up ? "" : "does not answer: " + member.getError());
        }
        Context context = command.context;
        if (command.json()) {
            context.println(document.endArray().endObject().take());
        } else {
            context.print(
                    table.render(context.terminal().out() ? context.terminal().columns() : 0, true));
        }
        return ExitCode.OK;
    }
}
