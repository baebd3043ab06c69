package dev.store.cli.command;

import dev.store.api.v1.Balancing;
import dev.store.api.v1.OutlierPolicy;
import dev.store.api.v1.ReadOptions;
import dev.store.api.v1.ResolveRequest;
import dev.store.api.v1.ResolveResponse;
import dev.store.api.v1.ServicePolicy;
import dev.store.api.v1.SetPolicyRequest;
import dev.store.api.v1.SetPolicyResponse;
import dev.store.cli.ExitCode;
import dev.store.cli.call.Calls;
import dev.store.cli.call.Methods;
import dev.store.cli.print.Json;
import dev.store.cli.print.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "policy",
        header = "Show or change what holds for a service as a whole.",
        description = {
            "Without options the policy is shown. Options change what they name and leave the rest as it is. A change is",
            "pushed to all who watch the service; clients balance by it from then on."
        },
        footer = {
            "",
            "Examples:",
            "  store service policy payments",
            "  store service policy payments --balancing peak-ewma --eject-after 3",
            "  store service policy payments --clear"
        })
final class ServicePolicyCommand extends ClusterCommand {
    @Parameters(index = "0", paramLabel = "SERVICE", description = "The service, which need not have instances.")
    String service = "";

    @Option(
            names = "--protect",
            paramLabel = "PERCENT",
            order = 1,
            description =
                    "Below this share of healthy instances all are returned and none is removed; 0: never. Default: 30.")
    @Nullable
    Integer protect;

    @Option(
            names = "--protect-hold",
            paramLabel = "TIME",
            order = 2,
            description = "How long protection holds a removal back. Default: 1h.")
    @Nullable
    String protectHold;

    @Option(
            names = "--balancing",
            paramLabel = "NAME",
            order = 3,
            description = "round-robin, random, weighted, least-requests, peak-ewma, consistent-hash, or client: the"
                    + " client's own choice. Default: client.")
    @Nullable
    String balancing;

    @Option(
            names = "--zone-preference",
            paramLabel = "ON|OFF",
            order = 4,
            description = "Whether instances of the caller's zone come first. Default: on.")
    @Nullable
    String zonePreference;

    @Option(
            names = "--zone-min-healthy",
            paramLabel = "N",
            order = 5,
            description = "Least healthy instances in a zone for it to be preferred. Default: 1.")
    @Nullable
    Integer zoneMinHealthy;

    @Option(
            names = "--default-version",
            paramLabel = "VERSION",
            order = 6,
            description = "What callers get who ask for no version; empty: any.")
    @Nullable
    String defaultVersion;

    @Option(
            names = "--eject-after",
            paramLabel = "N",
            order = 7,
            description = "Failed calls in a row after which a caller leaves an instance out; -1: never. Default: 5.")
    @Nullable
    Integer ejectAfter;

    @Option(
            names = "--eject-errors",
            paramLabel = "PERCENT",
            order = 8,
            description = "Share of failed calls for the same; -1: never. Default: 50.")
    @Nullable
    Integer ejectErrors;

    @Option(
            names = "--eject-for",
            paramLabel = "TIME",
            order = 9,
            description = "How long it is left out the first time. Default: 10s.")
    @Nullable
    String ejectFor;

    @Option(
            names = "--eject-most",
            paramLabel = "PERCENT",
            order = 10,
            description = "Most instances left out at a time. Default: 50.")
    @Nullable
    Integer ejectMost;

    @Option(names = "--clear", order = 11, description = "Go back to the defaults.")
    boolean clear;

    ServicePolicyCommand(Context context) {
        super(context);
    }

    @Override
    int run(Calls calls) throws IOException {
        List<Consumer<ServicePolicy.Builder>> changes = changes();
        if (clear && !changes.isEmpty()) {
            throw new IllegalArgumentException("--clear (expected: alone, or the options that change something)");
        }
        if (clear) {
            return set(calls, null);
        }
        if (changes.isEmpty()) {
            return show(calls);
        }
        ServicePolicy.Builder policy = current(calls).getPolicy().toBuilder();
        changes.forEach(change -> change.accept(policy));
        return set(calls, policy.build());
    }

    private List<Consumer<ServicePolicy.Builder>> changes() {
        List<Consumer<ServicePolicy.Builder>> changes = new ArrayList<>();
        on(changes, protect, ServicePolicy.Builder::setProtectPercent);
        on(changes, millis("--protect-hold", protectHold), ServicePolicy.Builder::setProtectHoldMs);
        on(changes, balancing == null ? null : balancing(balancing), ServicePolicy.Builder::setBalancing);
        on(changes, zonePreference == null ? null : !isOn(zonePreference), ServicePolicy.Builder::setNoZonePreference);
        on(changes, zoneMinHealthy, ServicePolicy.Builder::setZoneMinHealthy);
        on(changes, defaultVersion, ServicePolicy.Builder::setDefaultVersion);
        on(changes, ejectAfter, (policy, value) -> policy.getOutliersBuilder().setConsecutiveFailures(value));
        on(changes, ejectErrors, (policy, value) -> policy.getOutliersBuilder().setErrorPercent(value));
        on(changes, millis("--eject-for", ejectFor), (policy, value) -> policy.getOutliersBuilder()
                .setEjectionMs(value));
        on(changes, ejectMost, (policy, value) -> policy.getOutliersBuilder().setMaxEjectedPercent(value));
        return changes;
    }

    private static <T> void on(
            List<Consumer<ServicePolicy.Builder>> changes,
            @Nullable T value,
            BiConsumer<ServicePolicy.Builder, T> set) {
        if (value != null) {
            changes.add(policy -> set.accept(policy, value));
        }
    }

    private static @Nullable Long millis(String option, @Nullable String text) {
        return text == null ? null : Durations.parseMillis(option, text);
    }

    private static boolean isOn(String text) {
        return switch (text) {
            case "on" -> true;
            case "off" -> false;
            default -> throw new IllegalArgumentException("--zone-preference: \"" + text + "\" (expected: on or off)");
        };
    }

    private static Balancing balancing(String text) {
        for (Balancing each : Balancing.values()) {
            if (each != Balancing.UNRECOGNIZED && name(each).equals(text)) {
                return each;
            }
        }
        throw new IllegalArgumentException("--balancing: \"" + text
                + "\" (expected: client, round-robin, random, weighted, least-requests, peak-ewma or consistent-hash)");
    }

    private static String name(Balancing balancing) {
        return balancing == Balancing.BALANCING_UNSPECIFIED
                ? "client"
                : balancing
                        .name()
                        .substring("BALANCING_".length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-');
    }

    private ResolveResponse current(Calls calls) throws IOException {
        return calls.unary(
                Methods.resolve(),
                ResolveRequest.newBuilder()
                        .setNamespace(namespace())
                        .setService(service)
                        .setRead(ReadOptions.getDefaultInstance())
                        .setEvery(true)
                        .setLimit(1)
                        .build());
    }

    private int set(Calls calls, @Nullable ServicePolicy policy) throws IOException {
        SetPolicyRequest.Builder request = SetPolicyRequest.newBuilder()
                .setNamespace(namespace())
                .setOperation(OperationIds.next())
                .setService(service);
        if (policy != null) {
            request.setPolicy(policy);
        }
        SetPolicyResponse response = calls.unary(Methods.setPolicy(), request.build());
        return printChange(policy == null ? "cleared" : "set", response.getHeader());
    }

    private int show(Calls calls) throws IOException {
        ResolveResponse response = current(calls);
        if (!response.getKnown()) {
            context.err().println("store: no such service: " + service);
            return ExitCode.NO;
        }
        Map<String, Object> settings = settings(response.getPolicy());
        if (json()) {
            Json document = new Json().object().field("set", response.hasPolicy());
            settings.forEach((name, value) -> {
                if (value instanceof Long number) {
                    document.field(name, number);
                } else {
                    document.field(name, value.toString());
                }
            });
            context.println(document.endObject().take());
            return ExitCode.OK;
        }
        Table table = new Table(1, "SETTING", "VALUE");
        settings.forEach((name, value) -> table.row(name, value.toString()));
        context.print(table.render(context.terminal().out() ? context.terminal().columns() : 0, true));
        return ExitCode.OK;
    }

    /** What holds, defaults included, by the names of the fields of {@code ServicePolicy}. */
    private static Map<String, Object> settings(ServicePolicy policy) {
        OutlierPolicy outliers = policy.getOutliers();
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("protect_percent", policy.hasProtectPercent() ? (long) policy.getProtectPercent() : 30L);
        settings.put("protect_hold_ms", policy.hasProtectHoldMs() ? policy.getProtectHoldMs() : 3_600_000L);
        settings.put("balancing", name(policy.getBalancing()));
        settings.put("zone_preference", policy.getNoZonePreference() ? "off" : "on");
        settings.put("zone_min_healthy", orElse(policy.getZoneMinHealthy(), 1));
        settings.put("default_version", policy.getDefaultVersion());
        settings.put("consecutive_failures", orElse(outliers.getConsecutiveFailures(), 5));
        settings.put("error_percent", orElse(outliers.getErrorPercent(), 50));
        settings.put("ejection_ms", orElse(outliers.getEjectionMs(), 10_000));
        settings.put("max_ejected_percent", orElse(outliers.getMaxEjectedPercent(), 50));
        return settings;
    }

    private static long orElse(long value, long whenZero) {
        return value == 0 ? whenZero : value;
    }
}
