package dev.store.jepsen.cluster;

import java.util.List;

/** All nodes on 127.0.0.1: needs no rights, and cannot be cut. */
final class Loopback implements Network {
    @Override
    public Place place(String node) {
        return new Place("127.0.0.1", Ports.free(), Ports.free(), List.of());
    }

    @Override
    public String rigHost() {
        return "127.0.0.1";
    }

    @Override
    public void close() {
        // Nothing was made.
    }
}
