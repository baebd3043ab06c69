package dev.store.bench.figures;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one stretch of one workload came to.
 *
 * @param workload its name, with what distinguishes it
 * @param phase {@code cold} for the first seconds of a fresh cluster, else {@code warm}
 * @param seconds how long it took
 * @param latency of the operations that succeeded
 * @param events watch events received, 0 for other workloads
 * @param eventLatency from the start of the put to the arrival of its event
 * @param server figures of the nodes' processes over the stretch, {@link ProcessFigures#NONE} if they are not known
 * @param client figures of this process over the stretch
 * @param diskBytes bytes written to the nodes' disk over the stretch, by whomever; 0 if it is elsewhere
 * @param errors failed operations by code
 */
public record Measurement(
        String workload,
        String phase,
        double seconds,
        Latency latency,
        long events,
        Latency eventLatency,
        ProcessFigures server,
        ProcessFigures client,
        long diskBytes,
        SortedMap<String, Long> errors) {

    public Measurement {
        errors = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(errors));
    }

    /** Operations that succeeded in a second. */
    public double perSecond() {
        return latency.count() / seconds;
    }

    /** Events received in a second. */
    public double eventsPerSecond() {
        return events / seconds;
    }

    /** CPU time of all nodes for one operation, or for one event of a watch workload, in microseconds. */
    public double serverMicrosPerOp() {
        return perUnit(server.cpuMicros());
    }

    /** CPU time of this process likewise. */
    public double clientMicrosPerOp() {
        return perUnit(client.cpuMicros());
    }

    /** Bytes written to the nodes' disk for one operation; other processes' writes count too. */
    public double diskBytesPerOp() {
        return perUnit(diskBytes);
    }

    /** The numbers by name, as {@code -o json} shows them. */
    public Map<String, Object> asMap() {
        Map<String, Object> map = new java.util.LinkedHashMap<>();
        map.put("workload", workload);
        map.put("phase", phase);
        map.put("seconds", seconds);
        map.put("operations", latency.count());
        map.put("operations_per_second", perSecond());
        map.put("latency_us", latencyMap(latency));
        if (events > 0) {
            map.put("events", events);
            map.put("events_per_second", eventsPerSecond());
            map.put("event_latency_us", latencyMap(eventLatency));
        }
        map.put("server_cpu_us_per_op", serverMicrosPerOp());
        map.put("client_cpu_us_per_op", clientMicrosPerOp());
        map.put("disk_bytes_per_op", diskBytesPerOp());
        map.put("server_cpu_cores", server.cpuMicros() / 1e6 / seconds);
        map.put("rss_bytes_largest_node", server.residentBytes());
        map.put("peak_rss_bytes_largest_node", server.peakResidentBytes());
        map.put("errors", errors);
        return map;
    }

    private static Map<String, Object> latencyMap(Latency latency) {
        Map<String, Object> map = new java.util.LinkedHashMap<>();
        map.put("p50", latency.p50());
        map.put("p90", latency.p90());
        map.put("p99", latency.p99());
        map.put("p99.9", latency.p999());
        map.put("max", latency.max());
        return map;
    }

    private double perUnit(long total) {
        long units = Math.max(events, latency.count());
        return units == 0 ? 0 : (double) total / units;
    }
}
