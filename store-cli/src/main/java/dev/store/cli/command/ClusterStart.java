package dev.store.cli.command;

import dev.store.cli.ExitCode;
import dev.store.cli.local.LocalCluster;
import dev.store.cli.local.LocalFailure;
import dev.store.cli.local.LocalNode;
import dev.store.cli.local.NodeState;
import dev.store.cli.local.Plan;
import dev.store.cli.print.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "start",
        header = "Start a cluster of real node processes on this machine.",
        description = {
            "Writes a store.yaml for each node into the folder, starts the processes, and waits until they have a",
            "leader. Started again after a stop, it goes on with the data that is there."
        },
        footer = {
            "",
            "Examples:",
            "  store cluster start",
            "  store cluster start --nodes 5 --dir /tmp/five --base-port 17400"
        })
final class ClusterStart extends LocalCommand {
    private static final int NODES_DEFAULT = 3;
    private static final int BASE_PORT_DEFAULT = 7400;

    @Option(names = "--nodes", paramLabel = "N", order = 1, description = "Number of nodes, 1 to 9. Default: 3.")
    @Nullable
    Integer nodes;

    @Option(
            names = "--base-port",
            paramLabel = "PORT",
            order = 2,
            description = "First port of the first node; node n adds 10*(n-1). Default: 7400.")
    @Nullable
    Integer basePort;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "60s",
            order = 3,
            description = "Longest time to wait for a leader. Default: ${DEFAULT-VALUE}.")
    String wait = "60s";

    ClusterStart(Context context) {
        super(context);
    }

    @Override
    int run(Screen screen) throws IOException {
        Path folder = local.folder(context.environment());
        Plan plan = plan(folder);
        LocalCluster cluster = new LocalCluster(plan, LocalOptions.launcher(context.environment()));
        screen.waiting("starting " + plan.size() + " nodes in " + folder);
        cluster.start(Durations.parseMillis("--wait", wait), screen);
        screen.clear();
        if (local.json()) {
            Json document = new Json()
                    .object()
                    .field("folder", folder.toString())
                    .field("endpoints", plan.endpointText())
                    .array("nodes");
            for (NodeState state : cluster.states()) {
                LocalNode node = state.node();
                document.object()
                        .field("name", node.name())
                        .field("endpoint", node.endpoint().toString())
                        .field("pid", state.pid())
                        .field("log", node.log().toString())
                        .endObject();
            }
            context.println(document.endArray().endObject().take());
        } else {
            next(plan);
        }
        return ExitCode.OK;
    }

    /** The plan asked for; that of the folder if it has one, which then must not be contradicted. */
    private Plan plan(Path folder) {
        Optional<Plan> kept = Plan.read(folder);
        if (kept.isEmpty()) {
            return new Plan(
                    folder, nodes == null ? NODES_DEFAULT : nodes, basePort == null ? BASE_PORT_DEFAULT : basePort);
        }
        Plan plan = kept.get();
        boolean other = (nodes != null && nodes != plan.size()) || (basePort != null && basePort != plan.basePort());
        if (other) {
            throw new LocalFailure(
                    "OTHER_PLAN",
                    "the cluster in " + folder + " has " + plan.size() + " nodes from port " + plan.basePort()
                            + ", not as asked for",
                    "Start it without --nodes and --base-port, remove it with `store cluster destroy`, or name another"
                            + " folder with --dir.",
                    ExitCode.CONFLICT);
        }
        return plan;
    }

    private void next(Plan plan) throws IOException {
        boolean standard = plan.basePort() == BASE_PORT_DEFAULT && plan.size() <= NODES_DEFAULT;
        context.println("endpoints " + plan.endpointText());
        context.println("folder    " + plan.folder());
        context.println("");
        context.println("Try next:");
        if (!standard) {
            context.println("  export STORE_ENDPOINTS=" + plan.endpointText());
        }
        context.println("  store put greeting hello");
        context.println("  store get greeting");
        context.println("  store watch greeting");
    }
}
