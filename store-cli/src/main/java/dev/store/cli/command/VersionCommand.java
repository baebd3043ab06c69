package dev.store.cli.command;

import dev.store.api.error.StoreException;
import dev.store.api.v1.StatusRequest;
import dev.store.cli.ExitCode;
import dev.store.cli.call.Calls;
import dev.store.cli.call.Endpoint;
import dev.store.cli.call.Methods;
import dev.store.cli.print.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "version",
        header = "Show the version of this command and of the members.",
        description = "Members that do not answer within a second are left out; exit code 0 all the same.",
        footer = {"", "Examples:", "  store version", "  store version --client"})
final class VersionCommand extends ClusterCommand {
    private static final long EACH_MILLIS_MAX = 1_000;

    @Option(names = "--client", order = 1, description = "Ask no member.")
    boolean clientOnly;

    VersionCommand(Context context) {
        super(context);
    }

    @Override
    int run(Calls calls) throws IOException {
        Map<String, String> members = clientOnly ? Map.of() : members();
        if (json()) {
            Json document = new Json().object().field("client", client()).array("members");
            members.forEach((endpoint, version) -> document.object()
                    .field("endpoint", endpoint)
                    .field("version", version)
                    .endObject());
            context.println(document.endArray().endObject().take());
            return ExitCode.OK;
        }
        context.println("client " + client() + " (Java " + System.getProperty("java.version") + ")");
        for (Map.Entry<String, String> member : members.entrySet()) {
            context.println("member " + member.getKey() + " " + member.getValue());
        }
        return ExitCode.OK;
    }

    private Map<String, String> members() {
        Map<String, String> versions = new LinkedHashMap<>();
        for (Endpoint endpoint : cluster.endpoints(context.environment())) {
            try (Calls each = new Calls(List.of(endpoint), Math.min(cluster.timeoutMillis(), EACH_MILLIS_MAX))) {
                versions.put(
                        endpoint.toString(),
                        each.unary(Methods.status(), StatusRequest.getDefaultInstance())
                                .getVersion());
            } catch (StoreException e) {
                // This is about those that answer.
            }
        }
        return versions;
    }

    /** The version in the manifest of the jar. */
    static String client() {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        return version == null ? "unpackaged" : version;
    }
}
