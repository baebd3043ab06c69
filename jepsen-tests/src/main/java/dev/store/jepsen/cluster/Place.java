package dev.store.jepsen.cluster;

import java.util.List;

/**
 * Where a node runs.
 *
 * @param host its address
 * @param clientPort port for clients
 * @param raftPort port for other members
 * @param launch words before its command line, which put the process there
 */
record Place(String host, int clientPort, int raftPort, List<String> launch) {
    Place {
        launch = List.copyOf(launch);
    }
}
