package dev.store.api.discovery;

import dev.store.api.v1.CheckState;
import dev.store.api.v1.Instance;
import dev.store.api.v1.InstanceState;
import dev.store.api.v1.Port;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** An instance as it was at some revision. Immutable; equal to another if all that is known of it is equal. */
public final class ServiceInstance {
    private static final int DEFAULT_WEIGHT = 100;

    private final InstanceState state;

    ServiceInstance(InstanceState state) {
        this.state = state;
    }

    InstanceState state() {
        return state;
    }

    private Instance instance() {
        return state.getInstance();
    }

    /** Name of the service. */
    public String service() {
        return instance().getService();
    }

    /** What keeps equal ids apart, such as the host. */
    public String node() {
        return instance().getNode();
    }

    /** Id of the instance on its node. */
    public String id() {
        return instance().getId();
    }

    /** Node and id, which tell it from the other instances of its service. */
    public String name() {
        return node() + "/" + id();
    }

    /** Host name or IP address. */
    public String address() {
        return instance().getAddress();
    }

    /**
     * Number of its first port.
     *
     * @throws IllegalStateException if it has none
     */
    public int port() {
        return port("");
    }

    /**
     * Number of a port.
     *
     * @param name name of the port; empty for the first
     * @throws IllegalStateException if it has none of that name
     */
    public int port(String name) {
        for (Port port : instance().getPortsList()) {
            if (name.isEmpty() || port.getName().equals(name)) {
                return port.getNumber();
            }
        }
        throw new IllegalStateException("port: \"" + name + "\" (expected: one of instance " + this + ")");
    }

    /** Whether it has a port of that name; any for the empty name. */
    public boolean hasPort(String name) {
        return instance().getPortsList().stream()
                .anyMatch(port -> name.isEmpty() || port.getName().equals(name));
    }

    /** Version; empty if none was given. */
    public String version() {
        return instance().getVersion();
    }

    /** Zone; empty if unknown. */
    public String zone() {
        return instance().getZone();
    }

    /** Region; empty if unknown. */
    public String region() {
        return instance().getRegion();
    }

    /** Share of the load relative to others, 1 to 10,000. */
    public int weight() {
        return instance().getWeight() == 0 ? DEFAULT_WEIGHT : instance().getWeight();
    }

    public List<String> tags() {
        return instance().getTagsList();
    }

    public Map<String, String> metadata() {
        return instance().getMetadataMap();
    }

    /** Whether it is to get no new callers. */
    public boolean draining() {
        return instance().getDraining();
    }

    /** How it is: as its worst check. */
    public Health health() {
        return Health.of(state.getStatus());
    }

    /** Since when it is so. */
    public Instant since() {
        return Instant.ofEpochMilli(state.getSinceMs());
    }

    /** Revision at which it was last registered or updated. */
    public long revision() {
        return state.getModRevision();
    }

    /** Its checks; that of an ephemeral instance's sign of life is called {@code heartbeat}. */
    public List<CheckResult> checks() {
        return state.getChecksList().stream().map(CheckResult::of).toList();
    }

    /**
     * How one check is.
     *
     * @param output what its last result said
     */
    public record CheckResult(String name, Health health, String output, Instant since) {
        static CheckResult of(CheckState check) {
            return new CheckResult(
                    check.getName(),
                    Health.of(check.getStatus()),
                    check.getOutput(),
                    Instant.ofEpochMilli(check.getSinceMs()));
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ServiceInstance instance && state.equals(instance.state);
    }

    @Override
    public int hashCode() {
        return Objects.hash(node(), id(), state.getModRevision());
    }

    @Override
    public String toString() {
        return service() + "/" + name() + " at " + address();
    }
}
