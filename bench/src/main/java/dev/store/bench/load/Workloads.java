package dev.store.bench.load;

import java.util.List;

/** The workloads by name. */
public final class Workloads {
    /** Their names. */
    public static final List<String> NAMES = List.of(
            "put",
            "get",
            "get-serializable",
            "range",
            "txn",
            "watch",
            "lease-keepalive",
            "service-register",
            "service-resolve",
            "service-heartbeat",
            "service-watch",
            "config",
            "lock",
            "lock-contended");

    private Workloads() {}

    /** Fails if there is no workload of this name. */
    public static void checkName(String name) {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException(
                    "workload: \"" + name + "\" (expected: one of " + String.join(", ", NAMES) + ")");
        }
    }

    /** The workload of a name, for so many clients. */
    public static Workload named(
            String name, Connections connections, LoadSettings settings, int clients, Driver driver) {
        checkName(name);
        Data data = new Data(settings);
        return switch (name) {
            case "put" -> KvWorkload.put(connections, settings, data, clients);
            case "get" -> KvWorkload.get(connections, settings, data, false);
            case "get-serializable" -> KvWorkload.get(connections, settings, data, true);
            case "range" -> KvWorkload.range(connections, settings, data);
            case "txn" -> KvWorkload.txn(connections, settings, data);
            case "watch" -> new WatchWorkload(connections, settings, data, driver.timings());
            case "lease-keepalive" -> new KeepAliveWorkload(connections, clients);
            case "service-register" -> ServiceWorkload.cycles(connections);
            case "service-resolve" -> ServiceWorkload.resolve(connections, 10);
            case "service-heartbeat" -> ServiceWorkload.heartbeats(connections);
            case "service-watch" -> new ServiceWatchWorkload(connections, settings, driver.timings());
            case "config" -> new ConfigWorkload(connections, settings, driver.timings());
            case "lock" -> new LockWorkload(connections, clients, false, driver.timings());
            case "lock-contended" -> new LockWorkload(connections, clients, true, driver.timings());
            default -> throw new IllegalStateException("workload " + name + " has a name but no code");
        };
    }
}
