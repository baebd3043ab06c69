package dev.store.cli.command;

import dev.store.api.client.StoreClient;
import dev.store.api.discovery.RegisteredInstance;
import dev.store.api.discovery.Registration;
import dev.store.api.error.GrpcErrors;
import dev.store.cli.ExitCode;
import dev.store.cli.print.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "register",
        header = "Register an instance, and keep it alive.",
        description = {
            "Without --ttl the instance is persistent: it stays until it is deregistered. With --ttl it is kept alive",
            "until ^C, or while COMMAND runs, and deregistered then; the exit code is that of COMMAND."
        },
        footer = {
            "",
            "Examples:",
            "  store service register payments 10.0.0.7:8080",
            "  store service register payments 10.0.0.7:8080 --ttl 15s --tag blue --zone eu-1a",
            "  store service register payments 127.0.0.1:8080 --ttl 15s -- ./payments --port 8080",
            "  store service register payments 10.0.0.7:8080 --http-check /health"
        })
final class ServiceRegister extends StreamCommand {
    private static final Duration FAREWELL = Duration.ofSeconds(2);
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(10);

    @Parameters(index = "0", paramLabel = "SERVICE", description = "The service.")
    String service = "";

    @Parameters(index = "1", paramLabel = "ADDRESS:PORT", description = "Where callers reach it.")
    String address = "";

    @Parameters(index = "2..*", arity = "0..*", paramLabel = "COMMAND", description = "Runs while it is registered.")
    List<String> command = List.of();

    @Option(names = "--node", paramLabel = "NODE", order = 1, description = "Its node. Default: $HOSTNAME.")
    String node = "";

    @Option(names = "--id", paramLabel = "ID", order = 2, description = "Its id on the node. Default: its port.")
    String id = "";

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            order = 3,
            description = "Ephemeral: critical without a heartbeat for so long, 1s to 1d.")
    @Nullable
    String ttl;

    @Option(
            names = "--deregister-after",
            paramLabel = "TIME",
            order = 4,
            description = "Removed after being critical for so long. Default: 60s with --ttl, else never.")
    @Nullable
    String deregisterAfter;

    @Option(names = "--port", paramLabel = "NAME=NUMBER", order = 5, description = "A further port.")
    Map<String, Integer> ports = Map.of();

    @Option(names = "--version", paramLabel = "VERSION", order = 6, description = "Its version.")
    String version = "";

    @Option(names = "--zone", paramLabel = "ZONE", order = 7, description = "Its zone.")
    String zone = "";

    @Option(names = "--region", paramLabel = "REGION", order = 8, description = "Its region.")
    String region = "";

    @Option(names = "--weight", paramLabel = "N", order = 9, description = "Share of the load, 1 to 10000, of 100.")
    int weight;

    @Option(names = "--tag", paramLabel = "TAG", order = 10, description = "A tag.")
    List<String> tags = List.of();

    @Option(names = "--meta", paramLabel = "NAME=VALUE", order = 11, description = "An entry of its metadata.")
    Map<String, String> metadata = Map.of();

    @Option(
            names = "--check",
            paramLabel = "NAME",
            order = 12,
            description = "A check whose status is reported by store service check.")
    List<String> checks = List.of();

    @Option(
            names = "--http-check",
            paramLabel = "PATH",
            order = 13,
            description = "Members GET it every 10 s, where checks.enabled allows.")
    @Nullable
    String httpCheck;

    ServiceRegister(Context context) {
        super(context);
    }

    @Override
    int run(StoreClient client) throws IOException {
        Registration registration = registration();
        RegisteredInstance registered;
        try {
            registered = client.services().register(registration).join();
        } catch (CompletionException e) {
            throw GrpcErrors.fromGrpc(e);
        }
        print();
        if (ttl == null && command.isEmpty()) {
            return ExitCode.OK;
        }
        Thread farewell = new Thread(() -> deregister(registered), "store-farewell");
        Runtime.getRuntime().addShutdownHook(farewell);
        int exitCode = command.isEmpty() ? waitForEver() : runCommand();
        try {
            Runtime.getRuntime().removeShutdownHook(farewell);
        } catch (IllegalStateException e) {
            return exitCode;
        }
        deregister(registered);
        return exitCode;
    }

    private static int waitForEver() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.OK;
    }

    private int runCommand() throws IOException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        }
    }

    private static void deregister(RegisteredInstance registered) {
        try {
            registered.deregister().get(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // The cluster finds out by itself when the heartbeats are missing.
            registered.letGo();
        }
    }

    private Registration registration() {
        int colon = address.lastIndexOf(':');
        int port;
        try {
            port = Integer.parseInt(address.substring(colon + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("ADDRESS:PORT: \"" + address + "\" (expected: as in 10.0.0.7:8080)", e);
        }
        if (colon < 1) {
            throw new IllegalArgumentException("ADDRESS:PORT: \"" + address + "\" (expected: as in 10.0.0.7:8080)");
        }
        if (node.isEmpty()) {
            node = context.environment().getOrDefault("HOSTNAME", "localhost");
        }
        if (id.isEmpty()) {
            id = Integer.toString(port);
        }
        Registration made = Registration.of(service, node, id)
                .address(address.substring(0, colon).replaceAll("^\\[|]$", ""))
                .port("", port)
                .version(version)
                .zone(zone)
                .region(region)
                .weight(weight)
                .metadata(metadata);
        String time = ttl;
        made = time == null ? made.persistent() : made.ttl(Duration.ofMillis(Durations.parseMillis("--ttl", time)));
        String after = deregisterAfter;
        if (after != null) {
            made = made.deregisterAfter(Duration.ofMillis(Durations.parseMillis("--deregister-after", after)));
        }
        for (Map.Entry<String, Integer> further : ports.entrySet()) {
            made = made.port(further.getKey(), further.getValue());
        }
        for (String tag : tags) {
            made = made.tag(tag);
        }
        for (String check : checks) {
            made = made.reportedCheck(check);
        }
        String path = httpCheck;
        return path == null ? made : made.httpCheck("http", "", path, CHECK_INTERVAL);
    }

    private void print() throws IOException {
        if (cluster.json()) {
            context.println(new Json()
                    .object()
                    .field("service", service)
                    .field("node", node)
                    .field("id", id)
                    .endObject()
                    .take());
        } else {
            context.println("registered " + service + " " + node + " " + id);
        }
        context.out().flush();
    }
}
