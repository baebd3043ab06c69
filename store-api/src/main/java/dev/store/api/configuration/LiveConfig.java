package dev.store.api.configuration;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The versions that are meant for this instance, kept up to date, for typed access and with listeners for single keys.
 * Thread-safe.
 *
 * <pre>{@code
 * try (LiveConfig config = store.config().follow().entry("pay/limits").cachedIn(folder).open()) {
 *     config.await(Duration.ofSeconds(10));
 *     config.onKey("pay/limits", "max.amount", (before, now) -> resize(now));
 *     long amount = config.values("pay/limits").integer("max.amount", 100);
 * }
 * }</pre>
 */
public final class LiveConfig implements AutoCloseable {
    /** Is told of a key that changed. */
    public interface KeyListener {
        /**
         * The value of the key differs from the one before.
         *
         * @param before the value before; null if there was none
         * @param now the value now; null if there is none
         */
        void onChange(@Nullable Object before, @Nullable Object now);
    }

    private final Map<ConfigName, ConfigVersion> versions = new ConcurrentHashMap<>();
    private final List<ConfigListener> listeners = new CopyOnWriteArrayList<>();
    private final ConfigSubscriber subscriber;

    LiveConfig(ConfigPlan plan) {
        subscriber = plan.start(this::changed);
    }

    private void changed(ConfigChange change) {
        ConfigVersion before = versions.get(change.name());
        if (change.version().deleted()) {
            versions.remove(change.name());
        } else {
            versions.put(change.name(), change.version());
        }
        ConfigChange seen = new ConfigChange(change.version(), before, change.kind());
        listeners.forEach(listener -> listener.onChange(seen));
    }

    /** Completes when all that is there was given. */
    public CompletableFuture<Void> ready() {
        return subscriber.begun();
    }

    /** Waits until all that is there was given; false if that took longer. */
    public boolean await(Duration patience) throws InterruptedException {
        try {
            subscriber.begun().get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }

    /** The version of an entry; empty if it does not exist, or nothing of it was given yet. */
    public Optional<ConfigVersion> version(String entry) {
        return Optional.ofNullable(versions.get(ConfigName.of(entry)));
    }

    /** Typed access to an entry; CONFIG_NOT_FOUND if it does not exist, or nothing of it was given yet. */
    public ConfigValues values(String entry) {
        return version(entry)
                .orElseThrow(() -> new dev.store.api.error.StoreException(
                        dev.store.api.error.ErrorCode.CONFIG_NOT_FOUND,
                        "entry: " + entry + " (expected: one that was given)"))
                .values();
    }

    /** Is told of each change of any entry, from now on. What it throws becomes the receipt's failure. */
    public void onChange(ConfigListener listener) {
        listeners.add(listener);
    }

    /** Is told whenever the value of a key of a structured entry differs from the one before, from now on. */
    public void onKey(String entry, String key, KeyListener listener) {
        ConfigName name = ConfigName.of(entry);
        listeners.add(change -> {
            if (change.name().equals(name)) {
                Object before = value(change.previous(), key);
                Object now = value(change.version(), key);
                if (!Objects.equals(before, now)) {
                    listener.onChange(before, now);
                }
            }
        });
    }

    private static @Nullable Object value(@Nullable ConfigVersion version, String key) {
        return version == null || version.deleted()
                ? null
                : version.values().find(key).orElse(null);
    }

    /** Ends it. */
    @Override
    public void close() {
        subscriber.close();
    }
}
