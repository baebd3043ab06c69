package dev.store.server.health;

import dev.store.raft.Replica;
import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@code grpc.health.v1} up to date: the empty name and each service say that the process serves, {@value #READY}
 * says that it knows a leader and has caught up.
 *
 * <p>A member that is not ready still serves serializable reads and status, so only {@value #READY} tells it apart.
 */
public final class HealthMonitor {
    /** The service name to ask for before sending traffic. */
    public static final String READY = "ready";

    private static final Logger LOG = LoggerFactory.getLogger(HealthMonitor.class);

    private final HealthStatusManager health = new HealthStatusManager();
    private final Replica replica;
    private boolean ready;
    private boolean stopped;

    /**
     * Starts with everything but {@value #READY} serving.
     *
     * @param services names of the services of the node
     */
    public HealthMonitor(Replica replica, Collection<String> services) {
        this.replica = replica;
        services.forEach(service -> health.setStatus(service, ServingStatus.SERVING));
        health.setStatus(READY, ServingStatus.NOT_SERVING);
    }

    /** The health service. */
    public BindableService service() {
        return health.getHealthService();
    }

    /** Looks at the replica; to be called a few times a second. */
    public synchronized void check() {
        boolean now = !stopped && replica.info().ready();
        if (now == ready) {
            return;
        }
        ready = now;
        health.setStatus(READY, now ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
        var info = replica.info();
        LOG.info(
                "readiness changed: member={} ready={} leader={} term={} applied={} revision={}",
                info.name(),
                now,
                info.leader(),
                info.term(),
                info.appliedIndex(),
                info.revision());
    }

    /** Says of everything that it serves no more, for good, so that balancers look elsewhere. */
    public synchronized void stop() {
        stopped = true;
        ready = false;
        health.enterTerminalState();
    }

    /** The names that the monitor speaks for, beside those of the services. */
    public static List<String> names() {
        return List.of(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, READY);
    }
}
