package dev.store.api.client;

/** Watches of one namespace: {@code store.watch().prefix("config/").snapshot().start(listener)}. */
public final class WatchClient {
    private final Scope scope;

    WatchClient(Scope scope) {
        this.scope = scope;
    }

    /** Watches one key. */
    public WatchPlan key(String key) {
        return keys(Keys.of(key));
    }

    /** Watches all keys that start with this. */
    public WatchPlan prefix(String prefix) {
        return keys(Keys.prefix(prefix));
    }

    /** Watches keys. */
    public WatchPlan keys(Keys keys) {
        return new WatchPlan(scope, keys);
    }
}
