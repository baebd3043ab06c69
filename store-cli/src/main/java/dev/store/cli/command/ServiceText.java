package dev.store.cli.command;

import dev.store.api.v1.CheckState;
import dev.store.api.v1.HealthStatus;
import dev.store.api.v1.Instance;
import dev.store.api.v1.InstanceState;
import dev.store.api.v1.Port;
import dev.store.api.v1.ServiceSummary;
import dev.store.cli.print.Json;
import java.util.Locale;
import java.util.TreeMap;

/** Services and instances, as text and as JSON. */
final class ServiceText {
    private ServiceText() {}

    /** A status as people write it. */
    static String status(HealthStatus status) {
        return status.name().replace("HEALTH_STATUS_", "").toLowerCase(Locale.ROOT);
    }

    /** A status that was written by a person. */
    static HealthStatus status(String option, String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "passing" -> HealthStatus.HEALTH_STATUS_PASSING;
            case "warning" -> HealthStatus.HEALTH_STATUS_WARNING;
            case "critical" -> HealthStatus.HEALTH_STATUS_CRITICAL;
            default ->
                throw new IllegalArgumentException(
                        option + ": \"" + text + "\" (expected: passing, warning or critical)");
        };
    }

    /** Address with the first port, and the other ports by name. */
    static String address(Instance instance) {
        StringBuilder text = new StringBuilder(instance.getAddress());
        for (int i = 0; i < instance.getPortsCount(); i++) {
            Port port = instance.getPorts(i);
            text.append(i == 0 ? ":" : " " + port.getName() + ":").append(port.getNumber());
        }
        return text.toString();
    }

    /** Fields of a service within an object that was begun. */
    static Json summary(Json json, ServiceSummary service) {
        return json.field("service", service.getService())
                .field("instances", service.getInstances())
                .field("passing", service.getPassing())
                .field("warning", service.getWarning())
                .field("critical", service.getCritical())
                .field("draining", service.getDraining())
                .field("protected", service.getProtected())
                .field("last_change_revision", service.getLastChangeRevision());
    }

    /** Fields of an instance within an object that was begun. */
    static Json instance(Json json, InstanceState state) {
        Instance instance = state.getInstance();
        json.field("service", instance.getService())
                .field("node", instance.getNode())
                .field("id", instance.getId())
                .field("address", instance.getAddress())
                .array("ports");
        for (Port port : instance.getPortsList()) {
            json.object()
                    .field("name", port.getName())
                    .field("number", port.getNumber())
                    .field("protocol", port.getProtocol())
                    .endObject();
        }
        json.endArray()
                .field("version", instance.getVersion())
                .field("zone", instance.getZone())
                .field("region", instance.getRegion())
                .field("weight", instance.getWeight() == 0 ? 100 : instance.getWeight())
                .field("draining", instance.getDraining())
                .field("ttl_ms", instance.getTtlMs())
                .array("tags");
        instance.getTagsList().forEach(json::element);
        json.endArray().object("metadata");
        new TreeMap<>(instance.getMetadataMap()).forEach(json::field);
        json.endObject()
                .field("status", status(state.getStatus()))
                .field("since_ms", state.getSinceMs())
                .array("checks");
        for (CheckState check : state.getChecksList()) {
            check(json.object(), check).endObject();
        }
        return json.endArray()
                .field("create_revision", state.getCreateRevision())
                .field("mod_revision", state.getModRevision())
                .field("registered_at_ms", state.getRegisteredAtMs());
    }

    /** Fields of a check within an object that was begun. */
    static Json check(Json json, CheckState check) {
        return json.field("name", check.getName())
                .field("status", status(check.getStatus()))
                .field("output", check.getOutput())
                .field("since_ms", check.getSinceMs());
    }
}
