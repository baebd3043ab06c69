package dev.store.api.configuration;

import dev.store.api.client.Calls;
import dev.store.api.v1.ConfigSubscription;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What to follow, and as whom. Immutable: each method gives another one. Without entries and groups: the namespace. */
public final class ConfigPlan {
    private static final Duration CACHE_AFTER = Duration.ofSeconds(3);

    private final Calls calls;
    private final ConfigSubscription subscription;
    private final @Nullable ConfigCache cache;
    private final Duration cacheAfter;

    ConfigPlan(Calls calls) {
        this(calls, ConfigSubscription.newBuilder().setWithJson(true).build(), null, CACHE_AFTER);
    }

    private ConfigPlan(Calls calls, ConfigSubscription subscription, @Nullable ConfigCache cache, Duration cacheAfter) {
        this.calls = calls;
        this.subscription = subscription;
        this.cache = cache;
        this.cacheAfter = cacheAfter;
    }

    private ConfigPlan with(ConfigSubscription.Builder changed) {
        return new ConfigPlan(calls, changed.build(), cache, cacheAfter);
    }

    /** Also this entry, {@code group/name}; it need not exist yet. */
    public ConfigPlan entry(String entry) {
        return with(subscription.toBuilder().addEntries(ConfigName.of(entry).toKey()));
    }

    /** Also all entries of this group. */
    public ConfigPlan group(String group) {
        return with(subscription.toBuilder().addGroups(group));
    }

    /** Who follows: decides which version is meant during a gray release, and whose receipts these are. */
    public ConfigPlan as(Identity identity) {
        return with(subscription.toBuilder().setInstance(identity.toProto()));
    }

    /**
     * Keeps what was given last in this folder, and begins with it if no member answers in time, so that an instance can
     * start while the whole cluster is down. One folder for each instance.
     */
    public ConfigPlan cachedIn(Path folder) {
        return new ConfigPlan(calls, subscription, new ConfigCache(folder, calls.namespace()), cacheAfter);
    }

    /** How long to wait for a member before beginning with the local files; 3 s unless it is said. */
    public ConfigPlan cacheAfter(Duration patience) {
        return new ConfigPlan(calls, subscription, cache, patience);
    }

    /** Begins. */
    public ConfigSubscriber start(ConfigListener listener) {
        ConfigSubscriber subscriber = new ConfigSubscriber(
                calls, subscription.toBuilder().setNamespace(calls.namespace()).build(), listener, cache);
        subscriber.begin(cacheAfter);
        return subscriber;
    }

    /**
     * Begins, and holds the newest versions for typed access; completes when all that is there was given, from the cluster
     * or, marked as stale, from the local files.
     */
    public LiveConfig open() {
        return new LiveConfig(this);
    }
}
