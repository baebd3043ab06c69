package dev.store.server.etcd;

import dev.store.raft.Replica;
import dev.store.server.edge.GrpcPort;
import dev.store.server.edge.Reads;
import dev.store.server.services.SnapshotStreams;
import dev.store.server.watch.WatchLimits;
import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** The services of etcd on the port of a node. */
public final class EtcdFace {
    /** The version of the protocol that is spoken: clients decide by it what they may ask for. */
    public static final String VERSION = "3.4.23";

    /** The version that all members of a cluster of etcd of that version agree on. */
    public static final String CLUSTER_VERSION = "3.4.0";

    private final ServerInterceptor interceptor;
    private final List<BindableService> services;
    private final EtcdWatch watch;
    private final Line line;
    private final EtcdElections elections;

    /**
     * Makes the services.
     *
     * @param watchLimits how many watches there may be on a stream, and on the member with those of Store's own service
     * @param executor runs pumps of streams
     * @param timer for what must be tried again later
     */
    public EtcdFace(
            Replica replica,
            Reads reads,
            SnapshotStreams snapshots,
            WatchLimits watchLimits,
            Executor executor,
            ScheduledExecutorService timer) {
        EtcdHeaders headers = new EtcdHeaders(replica);
        EtcdParts parts = new EtcdParts(replica, reads, headers, new Origin(replica, reads), executor);
        EtcdLeases leases = new EtcdLeases(parts);
        interceptor = new EtcdInterceptor(() -> replica.info().leader() != null);
        watch = new EtcdWatch(parts, watchLimits);
        line = new Line(parts, leases);
        elections = new EtcdElections(line);
        services = List.of(
                new EtcdKv(parts).service(),
                watch,
                leases,
                new EtcdCluster(parts, timer),
                new EtcdMaintenance(parts, snapshots),
                new EtcdAuth(headers),
                new EtcdLocks(line),
                elections);
    }

    /** Adds the services to a port. */
    public void serve(GrpcPort port) {
        services.forEach(service -> port.add(service.bindService(), interceptor));
    }

    /** Ends streams and calls that wait, so that their callers go to another member. */
    public void stop() {
        watch.stop();
        line.stop();
        elections.stop();
    }
}
