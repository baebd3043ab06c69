package dev.store.api.client;

import dev.store.api.Limits;
import dev.store.api.configuration.ConfigClient;
import dev.store.api.discovery.ServicesClient;
import dev.store.api.locks.LockClient;
import java.time.Duration;
import java.util.List;

/**
 * A client of a Store cluster. Thread-safe; make one and share it.
 *
 * <pre>{@code
 * try (StoreClient store = StoreClient.connect("127.0.0.1:7400,127.0.0.1:7410,127.0.0.1:7420")) {
 *     long revision = store.kv().put("config/currency", "EUR").join().revision();
 *     store.kv().get("config/currency").join().utf8();
 * }
 * }</pre>
 *
 * <p>Connecting is lazy: the first call dials. A call goes to one member, and on to the next if that one fails, until it
 * is answered or its time is over. Any member answers any call.
 *
 * <p>Futures are completed on a network thread unless {@link StoreClientBuilder#callbackExecutor} gives another: do not
 * block in what you hang on them with {@code thenApply}; use {@code thenApplyAsync}.
 */
public final class StoreClient implements AutoCloseable {
    private final Scope scope;

    StoreClient(Scope scope) {
        this.scope = scope;
    }

    /**
     * A client with the default settings.
     *
     * @param endpoints {@code host:port} of some or all members, with commas between
     * @throws IllegalArgumentException if that is not what they look like
     */
    public static StoreClient connect(String endpoints) {
        return builder().endpoints(endpoints).build();
    }

    /** Settings of a client to be. */
    public static StoreClientBuilder builder() {
        return new StoreClientBuilder();
    }

    /** The same client in another namespace: 1 to 63 of a-z, 0-9 and '-', starting with a letter or digit. */
    public StoreClient namespace(String namespace) {
        return new StoreClient(scope.with(scope.settings.withNamespace(checkedNamespace(namespace))));
    }

    /** The same client with another timeout of calls: more than 0, at most 5 minutes. */
    public StoreClient timeout(Duration timeout) {
        return new StoreClient(scope.with(scope.settings.withTimeout(timeout)));
    }

    /** Keys, values and transactions. */
    public KvClient kv() {
        return new KvClient(scope);
    }

    /** Watches. */
    public WatchClient watch() {
        return new WatchClient(scope);
    }

    /** Leases. */
    public LeaseClient leases() {
        return new LeaseClient(scope);
    }

    /** Configuration entries: publish, read, follow. */
    public ConfigClient config() {
        return new ConfigClient(calls());
    }

    /** Locks, semaphores, elections, barriers and latches. Keep it: the locks that it holds share a lease. */
    public LockClient locks() {
        return new LockClient(this);
    }

    /** Members of the cluster. */
    public ClusterClient cluster() {
        return new ClusterClient(scope);
    }

    /** State of single members, and backup. */
    public MaintenanceClient maintenance() {
        return new MaintenanceClient(scope);
    }

    /** Services: registration, resolution, watches, and balancing of calls. */
    public ServicesClient services() {
        return new ServicesClient(calls());
    }

    /** Any call of {@code store.v1}; for parts that are built on the client. */
    public Calls calls() {
        return new Calls(scope);
    }

    /** The highest revision of this namespace that any answer or event has shown to this client; 0 before the first. */
    public long lastRevision() {
        return scope.session.floor();
    }

    /** The members that the client asks. */
    public List<String> endpoints() {
        return scope.connection.endpoints().addresses();
    }

    /** Closes the connections, also those of clients made from this one. Calls under way fail with CANCELED. */
    @Override
    public void close() {
        scope.connection.close();
    }

    static String checkedNamespace(String namespace) {
        boolean valid = !namespace.isEmpty() && namespace.length() <= Limits.NAME_CHARACTERS;
        for (int i = 0; valid && i < namespace.length(); i++) {
            char c = namespace.charAt(i);
            valid = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && i > 0);
        }
        if (!valid) {
            throw new IllegalArgumentException("namespace: \"" + namespace + "\" (expected: 1 to "
                    + Limits.NAME_CHARACTERS + " of a-z, 0-9 and '-', starting with a letter or digit)");
        }
        // One spelling, so that what was seen of a namespace is remembered once.
        return namespace.equals("default") ? "" : namespace;
    }
}
