package dev.store.cli.command;

import dev.store.api.v1.Instance;
import dev.store.api.v1.InstanceState;
import dev.store.api.v1.ResolveRequest;
import dev.store.api.v1.ResolveResponse;
import dev.store.cli.ExitCode;
import dev.store.cli.call.Calls;
import dev.store.cli.call.Methods;
import dev.store.cli.print.Json;
import dev.store.cli.print.Table;
import dev.store.cli.print.Text;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "resolve",
        header = "Print the instances of a service that fit.",
        description = {
            "Those that pass or warn and do not drain, unless told otherwise. Answered from the memory of the member",
            "asked, unless --linearizable is given. Exit code 1 if there is none."
        },
        footer = {
            "",
            "Examples:",
            "  store service resolve payments",
            "  store service resolve payments --every            also critical and draining ones",
            "  store service resolve payments --tag blue --version 2",
            "  store service resolve payments --caller-zone eu-1a"
        })
final class ServiceResolve extends ClusterCommand {
    @Parameters(index = "0", paramLabel = "SERVICE", description = "The service.")
    String service = "";

    @Option(names = "--every", order = 1, description = "Whatever their status, also those that drain.")
    boolean every;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            order = 2,
            description = "Wanted status: passing, warning or critical; may be given several times.")
    List<String> statuses = List.of();

    @Option(names = "--tag", paramLabel = "TAG", order = 3, description = "Wanted tag; all of several.")
    List<String> tags = List.of();

    @Option(names = "--version", paramLabel = "VERSION", order = 4, description = "Wanted version.")
    String version = "";

    @Option(names = "--zone", paramLabel = "ZONE", order = 5, description = "Wanted zone.")
    String zone = "";

    @Option(names = "--region", paramLabel = "REGION", order = 6, description = "Wanted region.")
    String region = "";

    @Option(names = "--meta", paramLabel = "NAME=VALUE", order = 7, description = "Wanted metadata; all of several.")
    Map<String, String> metadata = Map.of();

    @Option(names = "--caller-zone", paramLabel = "ZONE", order = 8, description = "Prefer this zone.")
    String callerZone = "";

    @Option(names = "--caller-region", paramLabel = "REGION", order = 9, description = "Prefer this region next.")
    String callerRegion = "";

    @Option(names = "--limit", paramLabel = "N", order = 10, description = "At most so many. Default: all.")
    int limit;

    @Mixin
    final MemoryReadFlags read = new MemoryReadFlags();

    ServiceResolve(Context context) {
        super(context);
    }

    @Override
    int run(Calls calls) throws IOException {
        ResolveRequest.Builder request = ResolveRequest.newBuilder()
                .setNamespace(namespace())
                .setService(service)
                .addAllTags(tags)
                .setVersion(version)
                .setZone(zone)
                .setRegion(region)
                .putAllMetadata(metadata)
                .setCallerZone(callerZone)
                .setCallerRegion(callerRegion)
                .setLimit(limit)
                .setEvery(every);
        statuses.forEach(status -> request.addStatuses(ServiceText.status("--status", status)));
        read.options().ifPresent(request::setRead);
        ResolveResponse response = calls.unary(Methods.resolve(), request.build());
        print(response);
        return response.getInstancesCount() > 0 ? ExitCode.OK : ExitCode.NO;
    }

    private void print(ResolveResponse response) throws IOException {
        if (json()) {
            Json document = new Json()
                    .object()
                    .field("revision", response.getHeader().getRevision())
                    .field("service", service)
                    .field("known", response.getKnown())
                    .field("protected", response.getProtected())
                    .field("local", response.getLocal())
                    .field("more", response.getMore())
                    .field("last_change_revision", response.getLastChangeRevision())
                    .array("instances");
            for (InstanceState state : response.getInstancesList()) {
                ServiceText.instance(document.object(), state).endObject();
            }
            context.println(document.endArray().endObject().take());
            return;
        }
        if (response.getProtected()) {
            context.err().println("store: protected: too few instances of " + service + " are healthy, these are all");
        }
        if (response.getInstancesCount() == 0) {
            context.err()
                    .println(
                            response.getKnown()
                                    ? "store: no instance of " + service + " fits"
                                    : "store: no such service: " + service);
            return;
        }
        Table table = new Table(2, "NODE", "ID", "ADDRESS", "STATUS", "SINCE", "VERSION", "ZONE", "WEIGHT");
        for (InstanceState state : response.getInstancesList()) {
            Instance instance = state.getInstance();
            long age = Math.max(0, System.currentTimeMillis() - state.getSinceMs());
            table.row(
                    instance.getNode(),
                    instance.getId(),
                    ServiceText.address(instance),
                    ServiceText.status(state.getStatus()) + (instance.getDraining() ? ", draining" : ""),
                    Text.duration(age),
                    instance.getVersion(),
                    instance.getZone(),
                    Integer.toString(instance.getWeight() == 0 ? 100 : instance.getWeight()));
        }
        context.print(table.render(context.terminal().out() ? context.terminal().columns() : 0, true));
    }
}
