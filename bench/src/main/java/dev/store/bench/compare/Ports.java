package dev.store.bench.compare;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Optional;

/** The clients' ports of nodes that are starting. */
final class Ports {
    private static final int PATIENCE_MILLIS = 100;

    private final List<String> endpoints;

    Ports(List<String> endpoints) {
        this.endpoints = endpoints;
    }

    /** Number of a node whose port accepts connections. */
    Optional<Integer> anyOpen() {
        for (int node = 0; node < endpoints.size(); node++) {
            String endpoint = endpoints.get(node);
            int colon = endpoint.lastIndexOf(':');
            try (Socket socket = new Socket()) {
                socket.connect(
                        new InetSocketAddress(
                                endpoint.substring(0, colon), Integer.parseInt(endpoint.substring(colon + 1))),
                        PATIENCE_MILLIS);
                return Optional.of(node);
            } catch (IOException e) {
                // Not yet.
            }
        }
        return Optional.empty();
    }
}
