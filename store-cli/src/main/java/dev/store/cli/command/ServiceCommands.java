package dev.store.cli.command;

import dev.store.api.v1.DeregisterRequest;
import dev.store.api.v1.DeregisterResponse;
import dev.store.api.v1.ForgetServiceRequest;
import dev.store.api.v1.ForgetServiceResponse;
import dev.store.api.v1.ListServicesRequest;
import dev.store.api.v1.ListServicesResponse;
import dev.store.api.v1.ServiceSummary;
import dev.store.api.v1.UpdateInstanceRequest;
import dev.store.api.v1.UpdateInstanceResponse;
import dev.store.cli.ExitCode;
import dev.store.cli.call.Calls;
import dev.store.cli.call.Methods;
import dev.store.cli.print.Json;
import dev.store.cli.print.Table;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code store service …}: which instances serve what, where, and how they are. */
final class ServiceCommands {
    private ServiceCommands() {}

    @Command(
            name = "service",
            header = "Register, find and watch instances of services.",
            description = "An instance is named by its service, its node (such as the host) and its id.",
            synopsisSubcommandLabel = "COMMAND",
            footer = {
                "",
                "Examples:",
                "  store service register payments 10.0.0.7:8080 --ttl 15s -- ./payments",
                "  store service list",
                "  store service resolve payments",
                "  store service watch payments",
                "  store service drain payments host-1 8080",
                "  store service deregister payments host-1 8080",
                "  store service policy payments --balancing peak-ewma"
            })
    static final class Group extends GroupCommand {
        Group(Context context) {
            super(context);
        }
    }

    @Command(name = "deregister", header = "Remove an instance; exit code 1 if there is none.")
    static final class Deregister extends ClusterCommand {
        @Mixin
        final InstanceName name = new InstanceName();

        Deregister(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            DeregisterResponse response = calls.unary(
                    Methods.deregister(),
                    DeregisterRequest.newBuilder()
                            .setNamespace(namespace())
                            .setOperation(OperationIds.next())
                            .setRef(name.ref())
                            .build());
            if (json()) {
                context.println(new Json()
                        .object()
                        .field("found", response.getFound())
                        .field("revision", response.getHeader().getRevision())
                        .endObject()
                        .take());
            } else if (response.getFound()) {
                context.println("deregistered, revision " + response.getHeader().getRevision());
            } else {
                context.err().println("store: no such instance: " + name);
            }
            return response.getFound() ? ExitCode.OK : ExitCode.NO;
        }
    }

    @Command(
            name = "drain",
            header = "Keep new callers away from an instance, or let them in again.",
            footer = {
                "",
                "Examples:",
                "  store service drain payments host-1 8080",
                "  store service drain payments host-1 8080 --off"
            })
    static final class Drain extends ClusterCommand {
        @Mixin
        final InstanceName name = new InstanceName();

        @Option(names = "--off", order = 1, description = "Let callers in again.")
        boolean off;

        Drain(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            UpdateInstanceResponse response = calls.unary(
                    Methods.updateInstance(),
                    UpdateInstanceRequest.newBuilder()
                            .setNamespace(namespace())
                            .setOperation(OperationIds.next())
                            .setRef(name.ref())
                            .setDraining(!off)
                            .build());
            long revision = response.getHeader().getRevision();
            if (json()) {
                context.println(new Json()
                        .object()
                        .field("draining", !off)
                        .field("revision", revision)
                        .endObject()
                        .take());
            } else {
                context.println((off ? "serving" : "draining") + ", revision " + revision);
            }
            return ExitCode.OK;
        }
    }

    @Command(
            name = "forget",
            header = "Forget a service that has no instances, with its policy.",
            description = "A service stays known when its last instance has gone, until it is forgotten.")
    static final class Forget extends ClusterCommand {
        @Parameters(index = "0", paramLabel = "SERVICE", description = "The service.")
        String service = "";

        Forget(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            ForgetServiceResponse response = calls.unary(
                    Methods.forgetService(),
                    ForgetServiceRequest.newBuilder()
                            .setNamespace(namespace())
                            .setOperation(OperationIds.next())
                            .setService(service)
                            .build());
            return printChange("forgotten", response.getHeader());
        }
    }

    @Command(
            name = "list",
            header = "List the services of the namespace, with how many instances are how.",
            description = "Answered from the memory of the member asked, unless --linearizable is given.")
    static final class ListAll extends ClusterCommand {
        @Parameters(index = "0", arity = "0..1", paramLabel = "PREFIX", description = "Only names that start with it.")
        String prefix = "";

        @Mixin
        final MemoryReadFlags read = new MemoryReadFlags();

        ListAll(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            Table table = new Table(
                    0, "SERVICE", "INSTANCES", "PASSING", "WARNING", "CRITICAL", "DRAINING", "PROTECTED", "CHANGED");
            Json document = new Json().object().array("services");
            String after = "";
            boolean more = true;
            while (more) {
                ListServicesRequest.Builder request = ListServicesRequest.newBuilder()
                        .setNamespace(namespace())
                        .setPrefix(prefix)
                        .setAfter(after);
                read.options().ifPresent(request::setRead);
                ListServicesResponse page = calls.unary(Methods.listServices(), request.build());
                for (ServiceSummary service : page.getServicesList()) {
                    after = service.getService();
                    table.row(
                            after,
                            Integer.toString(service.getInstances()),
                            Integer.toString(service.getPassing()),
                            Integer.toString(service.getWarning()),
                            Integer.toString(service.getCritical()),
                            Integer.toString(service.getDraining()),
                            service.getProtected() ? "yes" : "",
                            Long.toString(service.getLastChangeRevision()));
                    ServiceText.summary(document.object(), service).endObject();
                }
                more = page.getMore();
            }
            if (json()) {
                context.println(document.endArray().endObject().take());
            } else if (table.isEmpty()) {
                context.err().println("store: no services");
            } else {
                context.print(table.render(
                        context.terminal().out() ? context.terminal().columns() : 0, true));
            }
            return ExitCode.OK;
        }
    }
}
