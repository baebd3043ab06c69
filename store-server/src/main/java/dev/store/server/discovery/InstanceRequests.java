package dev.store.server.discovery;

import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.Check;
import dev.store.api.v1.Instance;
import dev.store.api.v1.InstanceRef;
import dev.store.api.v1.OutlierPolicy;
import dev.store.api.v1.Port;
import dev.store.api.v1.ServicePolicy;
import java.util.HashSet;
import java.util.Set;

/** Checks what callers say of instances; every error names the field, its value and what was expected. */
final class InstanceRequests {
    private static final long CHECK_INTERVAL_MIN = 1_000;
    private static final long CHECK_INTERVAL_MAX = 3_600_000;
    private static final long CHECK_TIMEOUT_MIN = 100;
    private static final int PROTOCOL_CHARACTERS = 32;
    private static final int PATH_CHARACTERS = 1_024;
    private static final int GRPC_SERVICE_CHARACTERS = 256;
    private static final long EJECTION_MAX = 3_600_000;
    private static final int SHOWN_CHARACTERS = 100;

    private InstanceRequests() {}

    /** A name of 1 to 128 characters that may stand in a key. */
    static String name(String field, String name) {
        boolean valid = !name.isEmpty() && name.length() <= Limits.DISCOVERY_NAME_CHARACTERS;
        for (int i = 0; valid && i < name.length(); i++) {
            valid = isNameCharacter(name.charAt(i));
        }
        if (!valid) {
            throw invalid(
                    field,
                    shown(name),
                    "1 to " + Limits.DISCOVERY_NAME_CHARACTERS + " characters of A-Z a-z 0-9 . _ - : @");
        }
        return name;
    }

    private static boolean isNameCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "._-:@".indexOf(c) >= 0;
    }

    private static void nameOrEmpty(String field, String name) {
        if (!name.isEmpty()) {
            name(field, name);
        }
    }

    /** The name of one instance. */
    static InstanceKey ref(String field, InstanceRef ref) {
        name(field + ".service", ref.getService());
        name(field + ".node", ref.getNode());
        name(field + ".id", ref.getId());
        return InstanceKey.of(ref);
    }

    /** A whole instance. */
    static void instance(Instance instance) {
        name("instance.service", instance.getService());
        name("instance.node", instance.getNode());
        name("instance.id", instance.getId());
        address(instance.getAddress());
        text("instance.version", instance.getVersion(), Limits.DISCOVERY_NAME_CHARACTERS);
        nameOrEmpty("instance.zone", instance.getZone());
        nameOrEmpty("instance.region", instance.getRegion());
        between("instance.weight", instance.getWeight(), 0, Limits.INSTANCE_WEIGHT);
        ports(instance);
        tags(instance);
        metadata(instance);
        if (instance.getTtlMs() != 0) {
            between(
                    "instance.ttl_ms",
                    instance.getTtlMs(),
                    Limits.LEASE_TTL_MIN.toMillis(),
                    Limits.INSTANCE_TTL_MAX.toMillis());
        }
        if (instance.getDeregisterAfterMs() != 0) {
            between(
                    "instance.deregister_after_ms",
                    instance.getDeregisterAfterMs(),
                    1_000,
                    Limits.DEREGISTER_AFTER_MAX.toMillis());
        }
        checks(instance);
        int bytes = instance.getSerializedSize();
        if (bytes > Limits.INSTANCE_BYTES) {
            throw new StoreException(
                    ErrorCode.TOO_LARGE,
                    "instance: " + bytes + " bytes (expected: at most " + Limits.INSTANCE_BYTES + ")");
        }
    }

    private static void address(String address) {
        boolean valid = !address.isEmpty() && address.length() <= Limits.INSTANCE_ADDRESS_CHARACTERS;
        for (int i = 0; valid && i < address.length(); i++) {
            char c = address.charAt(i);
            valid = c > ' ' && c < 0x7f && c != '/' && c != '"';
        }
        if (!valid) {
            throw invalid(
                    "instance.address",
                    shown(address),
                    "a host name or IP address of 1 to " + Limits.INSTANCE_ADDRESS_CHARACTERS + " characters");
        }
    }

    private static void ports(Instance instance) {
        between("instance.ports", instance.getPortsCount(), 0, Limits.INSTANCE_PORTS);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < instance.getPortsCount(); i++) {
            Port port = instance.getPorts(i);
            String field = "instance.ports[" + i + "]";
            nameOrEmpty(field + ".name", port.getName());
            between(field + ".number", port.getNumber(), 1, 65_535);
            if (!names.add(port.getName())) {
                throw invalid(field + ".name", shown(port.getName()), "different from the other ports");
            }
            String protocol = port.getProtocol();
            boolean valid = protocol.length() <= PROTOCOL_CHARACTERS;
            for (int at = 0; valid && at < protocol.length(); at++) {
                char c = protocol.charAt(at);
                valid = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "+-.".indexOf(c) >= 0;
            }
            if (!valid) {
                throw invalid(
                        field + ".protocol",
                        shown(protocol),
                        "at most " + PROTOCOL_CHARACTERS + " characters of a-z 0-9 + - .");
            }
        }
    }

    private static void tags(Instance instance) {
        between("instance.tags", instance.getTagsCount(), 0, Limits.INSTANCE_TAGS);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < instance.getTagsCount(); i++) {
            String tag = instance.getTags(i);
            String field = "instance.tags[" + i + "]";
            if (tag.isEmpty()) {
                throw invalid(field, "\"\"", "1 to " + Limits.DISCOVERY_NAME_CHARACTERS + " characters");
            }
            text(field, tag, Limits.DISCOVERY_NAME_CHARACTERS);
            if (!seen.add(tag)) {
                throw invalid(field, shown(tag), "different from the other tags");
            }
        }
    }

    private static void metadata(Instance instance) {
        between("instance.metadata", instance.getMetadataCount(), 0, Limits.INSTANCE_TAGS);
        instance.getMetadataMap().forEach((name, value) -> {
            if (name.isEmpty()) {
                throw invalid("instance.metadata", "an empty name", "names of 1 to 128 characters");
            }
            text("instance.metadata name", name, Limits.DISCOVERY_NAME_CHARACTERS);
            text("instance.metadata[" + shown(name) + "]", value, Limits.METADATA_VALUE_CHARACTERS);
        });
    }

    private static void checks(Instance instance) {
        between("instance.checks", instance.getChecksCount(), 0, Limits.INSTANCE_CHECKS);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < instance.getChecksCount(); i++) {
            Check check = instance.getChecks(i);
            String field = "instance.checks[" + i + "]";
            name(field + ".name", check.getName());
            if (check.getName().equals(InstanceKey.HEARTBEAT)) {
                throw invalid(field + ".name", "\"heartbeat\"", "another one, this stands for the sign of life");
            }
            if (!names.add(check.getName())) {
                throw invalid(field + ".name", shown(check.getName()), "different from the other checks");
            }
            if (check.getInitialValue() < 0 || check.getInitialValue() > 3) {
                throw invalid(field + ".initial", "" + check.getInitialValue(), "0 to 3");
            }
            check(field, check, instance);
        }
    }

    private static void check(String field, Check check, Instance instance) {
        between(field + ".successes", check.getSuccesses(), 0, 100);
        between(field + ".failures", check.getFailures(), 0, 100);
        switch (check.getKindCase()) {
            case REPORTED -> {
                if (check.getSuccesses() != 0 || check.getFailures() != 0 || check.getIntervalMs() != 0) {
                    throw invalid(
                            field,
                            shown(check.getName()),
                            "no successes, failures and interval_ms with `reported`: its owner decides");
                }
                return;
            }
            case HTTP -> {
                port(field + ".http.port", check.getHttp().getPort(), instance);
                path(field + ".http.path", check.getHttp().getPath());
            }
            case TCP -> port(field + ".tcp.port", check.getTcp().getPort(), instance);
            case GRPC -> {
                port(field + ".grpc.port", check.getGrpc().getPort(), instance);
                text(field + ".grpc.service", check.getGrpc().getService(), GRPC_SERVICE_CHARACTERS);
            }
            case KIND_NOT_SET -> throw invalid(field, "no kind", "reported, http, tcp or grpc");
        }
        if (check.getIntervalMs() != 0) {
            between(field + ".interval_ms", check.getIntervalMs(), CHECK_INTERVAL_MIN, CHECK_INTERVAL_MAX);
        }
        if (check.getTimeoutMs() != 0) {
            between(field + ".timeout_ms", check.getTimeoutMs(), CHECK_TIMEOUT_MIN, ActiveCheck.intervalMs(check));
        }
    }

    private static void port(String field, String name, Instance instance) {
        boolean found = name.isEmpty()
                ? instance.getPortsCount() > 0
                : instance.getPortsList().stream()
                        .anyMatch(port -> port.getName().equals(name));
        if (!found) {
            throw invalid(field, shown(name), "the name of a port of the instance, or nothing for its first");
        }
    }

    private static void path(String field, String path) {
        boolean valid = path.length() <= PATH_CHARACTERS && (path.isEmpty() || path.charAt(0) == '/');
        for (int i = 0; valid && i < path.length(); i++) {
            valid = path.charAt(i) > ' ' && path.charAt(i) < 0x7f;
        }
        if (!valid) {
            throw invalid(
                    field, shown(path), "'/' and printable ASCII, at most " + PATH_CHARACTERS + " characters in all");
        }
    }

    /** A policy. */
    static void policy(ServicePolicy policy) {
        between("policy.protect_percent", policy.getProtectPercent(), 0, 100);
        between("policy.protect_hold_ms", policy.getProtectHoldMs(), 0, Limits.DEREGISTER_AFTER_MAX.toMillis());
        between("policy.balancing", policy.getBalancingValue(), 0, 6);
        between("policy.zone_min_healthy", policy.getZoneMinHealthy(), 0, 1_000);
        text("policy.default_version", policy.getDefaultVersion(), Limits.DISCOVERY_NAME_CHARACTERS);
        OutlierPolicy outliers = policy.getOutliers();
        between("policy.outliers.consecutive_failures", outliers.getConsecutiveFailures(), -1, 1_000);
        between("policy.outliers.error_percent", outliers.getErrorPercent(), -1, 100);
        if (outliers.getEjectionMs() != 0) {
            between("policy.outliers.ejection_ms", outliers.getEjectionMs(), 100, EJECTION_MAX);
        }
        between("policy.outliers.max_ejected_percent", outliers.getMaxEjectedPercent(), 0, 100);
    }

    /** Text for people: bounded, and nothing in it that moves a cursor. */
    static void text(String field, String text, int most) {
        boolean valid = text.length() <= most;
        for (int i = 0; valid && i < text.length(); i++) {
            valid = !Character.isISOControl(text.charAt(i));
        }
        if (!valid) {
            throw invalid(field, shown(text), "at most " + most + " characters, none of them a control character");
        }
    }

    static void between(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw invalid(field, Long.toString(value), least + " to " + most);
        }
    }

    static StoreException invalid(String field, String value, String expected) {
        return new StoreException(ErrorCode.INVALID_ARGUMENT, field + ": " + value + " (expected: " + expected + ")");
    }

    static String shown(String text) {
        StringBuilder safe = new StringBuilder("\"");
        for (int i = 0; i < text.length() && i < SHOWN_CHARACTERS; i++) {
            char c = text.charAt(i);
            safe.append(Character.isISOControl(c) ? '?' : c);
        }
        return safe.append(text.length() > SHOWN_CHARACTERS ? "…\"" : "\"").toString();
    }
}
