package dev.store.cli.command;

import dev.store.api.v1.StatusResponse;
import dev.store.cli.ExitCode;
import dev.store.cli.local.LocalCluster;
import dev.store.cli.local.LocalNode;
import dev.store.cli.local.NodeState;
import dev.store.cli.print.Json;
import dev.store.cli.print.Table;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code store cluster …}: a cluster of real processes on this machine. */
final class ClusterCommands {
    private ClusterCommands() {}

    @Command(
            name = "cluster",
            header = "Run a cluster on this machine.",
            synopsisSubcommandLabel = "COMMAND",
            footer = {
                "",
                "Examples:",
                "  store cluster start          three nodes on 127.0.0.1:7400, :7410 and :7420",
                "  store cluster status",
                "  store cluster kill 2         SIGKILL, as a crash",
                "  store cluster restart 2",
                "  store cluster stop           keeps the data; start goes on with it",
                "  store cluster destroy        and deletes the data"
            })
    static final class Group extends GroupCommand {
        Group(Context context) {
            super(context);
        }
    }

    @Command(
            name = "status",
            header = "Show the process, role, revision and lag of each node.",
            description = "Exit code 3 if no running node knows a leader, 1 if there is no cluster in the folder.")
    static final class Status extends LocalCommand {
        Status(Context context) {
            super(context);
        }

        @Override
        int run(Screen screen) throws IOException {
            LocalCluster cluster = local.cluster(context.environment());
            List<NodeState> states = cluster.states();
            long committed = 0;
            boolean led = false;
            for (NodeState state : states) {
                StatusResponse status = state.status();
                if (status != null) {
                    committed = Math.max(committed, status.getLog().getCommittedIndex());
                    led |= state.led();
                }
            }
            Table table = new Table(6, "NODE", "PID", "ROLE", "REVISION", "LAG", "ENDPOINT", "NOTE");
            Json document = new Json()
                    .object()
                    .field("folder", cluster.plan().folder().toString())
                    .array("nodes");
            for (NodeState state : states) {
                add(table, document, state, committed);
            }
            if (local.json()) {
                context.println(document.endArray().endObject().take());
            } else {
                context.print(table.render(
                        context.terminal().out() ? context.terminal().columns() : 0, true));
            }
            return led ? ExitCode.OK : ExitCode.UNAVAILABLE;
        }

        private static void add(Table table, Json document, NodeState state, long committed) {
            LocalNode node = state.node();
            StatusResponse status = state.status();
            String role = status == null ? (state.pid() == 0 ? "stopped" : "silent") : Roles.name(status.getRole());
            long revision = status == null ? 0 : status.getHeader().getRevision();
            long lag = status == null ? 0 : committed - status.getLog().getAppliedIndex();
            String note = status == null ? "" : String.join("; ", status.getProblemsList());
            table.row(
                    node.name(),
                    state.pid() == 0 ? "-" : Long.toString(state.pid()),
                    role,
                    status == null ? "-" : Long.toString(revision),
                    status == null ? "-" : Long.toString(lag),
                    node.endpoint().toString(),
                    note);
            document.object()
                    .field("name", node.name())
                    .field("pid", state.pid())
                    .field("role", role)
                    .field("answers", status != null)
                    .field("revision", revision)
                    .field("lag_entries", lag)
                    .field("endpoint", node.endpoint().toString())
                    .field("log", node.log().toString())
                    .endObject();
        }
    }

    @Command(name = "stop", header = "Stop all nodes in good order; their data stays.")
    static final class Stop extends LocalCommand {
        Stop(Context context) {
            super(context);
        }

        @Override
        int run(Screen screen) throws IOException {
            int stopped = local.cluster(context.environment()).stop(screen);
            screen.clear();
            if (local.json()) {
                context.println(new Json()
                        .object()
                        .field("stopped", stopped)
                        .endObject()
                        .take());
            } else if (stopped == 0) {
                context.println("no node was running");
            }
            return ExitCode.OK;
        }
    }

    @Command(name = "restart", header = "Stop a node in good order, if it runs, and start it again.")
    static final class Restart extends LocalCommand {
        @Parameters(index = "0", paramLabel = "N", description = "Number of the node.")
        int number;

        @Option(
                names = "--wait",
                paramLabel = "TIME",
                defaultValue = "60s",
                order = 1,
                description = "Longest time to wait until it follows a leader. Default: ${DEFAULT-VALUE}.")
        String wait = "60s";

        Restart(Context context) {
            super(context);
        }

        @Override
        int run(Screen screen) throws IOException {
            LocalCluster cluster = local.cluster(context.environment());
            cluster.restart(number, Durations.parseMillis("--wait", wait), screen);
            if (local.json()) {
                context.println(new Json()
                        .object()
                        .field("restarted", cluster.plan().node(number).name())
                        .endObject()
                        .take());
            }
            return ExitCode.OK;
        }
    }

    @Command(
            name = "kill",
            header = "Kill a node with SIGKILL, as a crash would.",
            footer = {"", "Examples:", "  store cluster kill 2", "  store cluster restart 2      brings it back"})
    static final class Kill extends LocalCommand {
        @Parameters(index = "0", paramLabel = "N", description = "Number of the node.")
        int number;

        Kill(Context context) {
            super(context);
        }

        @Override
        int run(Screen screen) throws IOException {
            LocalCluster cluster = local.cluster(context.environment());
            boolean killed = cluster.kill(number);
            String name = cluster.plan().node(number).name();
            if (local.json()) {
                context.println(new Json()
                        .object()
                        .field("name", name)
                        .field("killed", killed)
                        .endObject()
                        .take());
            } else {
                context.println(killed ? name + " killed" : name + " was not running");
            }
            return killed ? ExitCode.OK : ExitCode.NO;
        }
    }

    @Command(name = "destroy", header = "Kill all nodes and delete their data.")
    static final class Destroy extends LocalCommand {
        @Option(
                names = {"-y", "--yes"},
                order = 1,
                description = "Do not ask.")
        boolean yes;

        Destroy(Context context) {
            super(context);
        }

        @Override
        int run(Screen screen) throws IOException {
            LocalCluster cluster = local.cluster(context.environment());
            if (!yes && !confirmed(cluster)) {
                context.err().println("store: nothing was deleted; answer y, or give --yes");
                return ExitCode.NO;
            }
            cluster.destroy();
            if (local.json()) {
                context.println(new Json()
                        .object()
                        .field("destroyed", cluster.plan().folder().toString())
                        .endObject()
                        .take());
            } else {
                context.println("deleted " + cluster.plan().folder());
            }
            return ExitCode.OK;
        }

        private boolean confirmed(LocalCluster cluster) throws IOException {
            context.err()
                    .print("Kill " + cluster.plan().size() + " nodes and delete all data in "
                            + cluster.plan().folder() + "? [y/N] ");
            context.err().flush();
            String line = new BufferedReader(new InputStreamReader(context.in(), StandardCharsets.UTF_8)).readLine();
            return line != null
                    && (line.strip().equalsIgnoreCase("y") || line.strip().equalsIgnoreCase("yes"));
        }
    }
}
