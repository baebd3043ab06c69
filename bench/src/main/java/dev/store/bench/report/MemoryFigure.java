package dev.store.bench.report;

import dev.store.bench.figures.ProcessFigures;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Memory of a cluster at rest.
 *
 * @param state what it holds
 * @param node figures of the nodes over the stretch; memory is the largest node's
 * @param seconds length of the stretch
 */
record MemoryFigure(String state, ProcessFigures node, double seconds) {
    /** Part of one core that all nodes together use while nothing is asked. */
    double idleCores() {
        return node.cpuMicros() / 1e6 / seconds;
    }

    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("state", state);
        map.put("rss_bytes_largest_node", node.residentBytes());
        map.put("peak_rss_bytes_largest_node", node.peakResidentBytes());
        map.put("idle_cpu_cores_all_nodes", idleCores());
        return map;
    }
}
