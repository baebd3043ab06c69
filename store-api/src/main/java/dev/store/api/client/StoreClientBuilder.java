package dev.store.api.client;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link StoreClient}. Not thread-safe. */
public final class StoreClientBuilder {
    private static final long DEFAULT_PING_SECONDS = 20;

    private List<String> endpoints = List.of();
    private Settings settings = Settings.DEFAULT;
    private @Nullable ChannelCredentials credentials;
    private @Nullable Executor callbacks;
    private boolean shuffled = true;
    private boolean failFast;

    StoreClientBuilder() {}

    /** {@code host:port} of some or all members, with commas between: 1 to 64. */
    public StoreClientBuilder endpoints(String list) {
        endpoints = Addresses.parse(list);
        return this;
    }

    /** {@code host:port} of some or all members: 1 to 64. */
    public StoreClientBuilder endpoints(List<String> list) {
        return endpoints(String.join(",", list));
    }

    /** Asks the endpoints in the order given, rather than starting at a random one. */
    public StoreClientBuilder inOrder() {
        shuffled = false;
        return this;
    }

    /** Namespace of the keys; "default" if not set. */
    public StoreClientBuilder namespace(String namespace) {
        settings = settings.withNamespace(StoreClient.checkedNamespace(namespace));
        return this;
    }

    /** Time for a call with all its attempts: more than 0, at most 5 minutes. 5 s if not set. */
    public StoreClientBuilder timeout(Duration timeout) {
        settings = settings.withTimeout(timeout);
        return this;
    }

    /** Whether mutations carry an operation id; on if not set. See {@link KvClient#exactlyOnce}. */
    public StoreClientBuilder exactlyOnce(boolean wanted) {
        settings = settings.withExactlyOnce(wanted);
        return this;
    }

    /**
     * Whether serializable reads wait for the highest revision that this client has seen, so that they never go back in
     * time, whichever member answers; on if not set.
     */
    public StoreClientBuilder readYourWrites(boolean wanted) {
        settings = settings.withReadYourWrites(wanted);
        return this;
    }

    /** Fails a call as soon as every endpoint was tried once and none could be connected to. */
    public StoreClientBuilder failFast() {
        failFast = true;
        return this;
    }

    /** Completes futures on this executor, rather than on a network thread. */
    public StoreClientBuilder callbackExecutor(Executor executor) {
        callbacks = Objects.requireNonNull(executor, "executor");
        return this;
    }

    /** How to secure connections; plaintext if not set. */
    public StoreClientBuilder credentials(ChannelCredentials wanted) {
        credentials = Objects.requireNonNull(wanted, "wanted");
        return this;
    }

    /**
     * The client. Nothing is dialed yet.
     *
     * @throws IllegalArgumentException if no endpoints were given
     */
    public StoreClient build() {
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("endpoints: none (expected: 1 to " + Addresses.MOST + ")");
        }
        ChannelCredentials secured = credentials != null ? credentials : InsecureChannelCredentials.create();
        Endpoints members = new Endpoints(endpoints, new ChannelMaker(secured, DEFAULT_PING_SECONDS), shuffled);
        return new StoreClient(new Scope(new Connection(members, failFast, callbacks), settings));
    }
}
