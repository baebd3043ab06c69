package dev.store.jepsen.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How a cluster is to be made.
 *
 * @param nodes how many
 * @param settings of store.yaml over the defaults
 * @param namespaces each node in a network namespace of its own
 * @param disks each node on a disk of its own
 * @param shims each node with a shim
 * @param links each node behind proxies
 * @param patches jars or folders of classes before those of the distribution
 */
public record Layout(
        int nodes,
        Map<String, String> settings,
        boolean namespaces,
        boolean disks,
        boolean shims,
        boolean links,
        List<Path> patches) {
    public Layout {
        settings = Map.copyOf(settings);
        patches = List.copyOf(patches);
    }

    /** Nodes on loopback with nothing that could be hurt but their processes. */
    public static Layout plain(int nodes, Map<String, String> settings) {
        return new Layout(nodes, settings, false, false, false, false, List.of());
    }
}
