package dev.store.cli.command;

import dev.store.cli.call.Calls;
import dev.store.cli.call.Endpoint;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that talks to the cluster. */
final class ClusterOptions implements FastOptions {
    private static final String ENDPOINTS_DEFAULT = "127.0.0.1:7400,127.0.0.1:7410,127.0.0.1:7420";
    private static final long TIMEOUT_MILLIS_MAX = 86_400_000;

    @Option(
            names = "--endpoints",
            paramLabel = "HOST:PORT,...",
            order = 100,
            description = {
                "Members to ask, tried in this order. Default: $STORE_ENDPOINTS, else",
                "127.0.0.1:7400,127.0.0.1:7410,127.0.0.1:7420."
            })
    @Nullable
    String endpoints;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "5s",
            order = 101,
            description = "Time to wait in all, as in 500ms, 5s or 1m. Default: ${DEFAULT-VALUE}.")
    String timeout = "5s";

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            order = 102,
            description = "Namespace of the keys and leases. Default: $STORE_NAMESPACE, else default.")
    @Nullable
    String namespace;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            order = 103,
            description = "Print ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    Format output = Format.text;

    boolean json() {
        return output == Format.json;
    }

    List<Endpoint> endpoints(Map<String, String> environment) {
        return Endpoint.parseList(endpointText(environment));
    }

    String endpointText(Map<String, String> environment) {
        if (endpoints != null) {
            return endpoints;
        }
        String text = environment.getOrDefault("STORE_ENDPOINTS", "");
        return text.isBlank() ? ENDPOINTS_DEFAULT : text;
    }

    String namespace(Map<String, String> environment) {
        return namespace != null ? namespace : environment.getOrDefault("STORE_NAMESPACE", "");
    }

    long timeoutMillis() {
        long millis = Durations.parseMillis("--timeout", timeout);
        if (millis < 1 || millis > TIMEOUT_MILLIS_MAX) {
            throw new IllegalArgumentException("--timeout: " + timeout + " (expected: 1ms to 1d)");
        }
        return millis;
    }

    Calls calls(Map<String, String> environment) {
        return new Calls(endpoints(environment), timeoutMillis());
    }

    @Override
    public boolean value(String option, String value) {
        switch (option) {
            case "--endpoints" -> endpoints = value;
            case "--timeout" -> timeout = value;
            case "-n", "--namespace" -> namespace = value;
            case "-o", "--output" -> {
                if (value.equals("json")) {
                    output = Format.json;
                } else if (value.equals("text")) {
                    output = Format.text;
                } else {
                    return false;
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }
}
