package dev.store.server.edge;

import dev.store.api.v1.StatusResponse;
import dev.store.raft.watch.WatchHub;
import java.util.function.LongSupplier;

/** What the process knows of itself and the replica does not: adds it to a status. */
public final class NodeFigures {
    private final String version;
    private final Headers headers;
    private final WatchHub hub;
    private final LongSupplier uptimeSeconds;

    public NodeFigures(String version, Headers headers, WatchHub hub, LongSupplier uptimeSeconds) {
        this.version = version;
        this.headers = headers;
        this.hub = hub;
        this.uptimeSeconds = uptimeSeconds;
    }

    /** The status with the figures of the process. */
    public StatusResponse complete(StatusResponse status) {
        return status.toBuilder()
                .setHeader(headers.now())
                .setVersion(version)
                .setWatches(hub.size())
                .setUptimeSeconds(uptimeSeconds.getAsLong())
                .build();
    }
}
