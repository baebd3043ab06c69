package dev.store.api.discovery;

import dev.store.api.client.StoreClient;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@code store:///payments} work in any channel of grpc-java: the channel follows the instances of the service and
 * spreads its calls over them, round robin unless it was told otherwise.
 *
 * <pre>{@code
 * NameResolverRegistry.getDefaultRegistry().register(new StoreNameResolverProvider(store));
 * ManagedChannel channel = Grpc.newChannelBuilder("store:///payments", InsecureChannelCredentials.create()).build();
 * }</pre>
 *
 * <p>{@code store:///payments?port=grpc&zone=eu-1a&region=eu-1&version=2} chooses a port by name, prefers a zone and a
 * region, and keeps to a version. {@code store://NAMESPACE/payments} names a namespace.
 *
 * <p>Found by itself where {@code STORE_ENDPOINTS} is set and a client is not given.
 */
public final class StoreNameResolverProvider extends NameResolverProvider {
    private static final String SCHEME = "store";
    /** Below that of DNS, which stays the default for names without a scheme. */
    private static final int PRIORITY = 3;

    private final @Nullable StoreClient given;

    /** Resolves by the members that {@code STORE_ENDPOINTS} names; for the service loader. */
    public StoreNameResolverProvider() {
        this.given = null;
    }

    /** Resolves by a client, which must stay open as long as the channels. */
    public StoreNameResolverProvider(StoreClient client) {
        this.given = client;
    }

    @Override
    protected boolean isAvailable() {
        return given != null || !endpoints().isEmpty();
    }

    private static String endpoints() {
        return Objects.requireNonNullElse(System.getenv("STORE_ENDPOINTS"), "");
    }

    @Override
    protected int priority() {
        return given == null ? PRIORITY : PRIORITY + 1;
    }

    @Override
    public String getDefaultScheme() {
        return SCHEME;
    }

    @Override
    public @Nullable NameResolver newNameResolver(URI target, NameResolver.Args args) {
        if (!SCHEME.equals(String.valueOf(target.getScheme()).toLowerCase(Locale.ROOT))) {
            return null;
        }
        StoreClient client = given;
        boolean own = client == null;
        StoreClient used = client == null ? StoreClient.connect(endpoints()) : client;
        return new StoreNameResolver(StoreTarget.parse(target), used, own, args);
    }
}
