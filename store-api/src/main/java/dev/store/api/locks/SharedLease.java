package dev.store.api.locks;

import dev.store.api.client.Lease;
import dev.store.api.client.StoreClient;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The lease that locks of one time to live share: opened for the first, ended when it was not used for as long as it
 * lives, and replaced when it is lost.
 */
final class SharedLease {
    private final StoreClient store;
    private final Duration ttl;
    private @Nullable CompletableFuture<Lease> lease;
    private final Map<Long, Set<Consumer<StoreException>>> listeners = new HashMap<>();
    private final Map<Long, StoreException> losses = new HashMap<>();
    private int users;
    private long uses;

    SharedLease(StoreClient store, Duration ttl) {
        this.store = store;
        this.ttl = ttl;
    }

    /** Takes a share; {@link #release} must follow. */
    synchronized CompletableFuture<Lease> use() {
        users++;
        uses++;
        CompletableFuture<Lease> present = lease;
        if (present == null || present.isCompletedExceptionally() || isLost(present)) {
            losses.clear();
            present = store.leases().open(ttl).thenApply(opened -> {
                follow(opened);
                return opened;
            });
            lease = present;
        }
        return present.thenApply(opened -> opened);
    }

    private static boolean isLost(CompletableFuture<Lease> opened) {
        return opened.isDone() && opened.join().remaining().isZero();
    }

    synchronized void release() {
        users--;
        long seen = uses;
        if (users == 0) {
            var unused = store.calls().after(ttl, () -> endIfUnused(seen));
        }
    }

    private void endIfUnused(long seen) {
        CompletableFuture<Lease> present;
        synchronized (this) {
            if (users > 0 || uses != seen || lease == null) {
                return;
            }
            present = lease;
            lease = null;
        }
        var unused = present.thenAccept(Lease::letGo);
    }

    /** One more share, for who has been handed one. */
    synchronized void retain() {
        users++;
    }

    /**
     * Tells a listener if the lease is lost, at once if it is already; a lease outlives the locks on it by far, so listeners
     * must be {@linkplain #unlisten taken out}.
     */
    void listen(Lease of, Consumer<StoreException> listener) {
        StoreException already;
        synchronized (this) {
            listeners.computeIfAbsent(of.id(), id -> new LinkedHashSet<>()).add(listener);
            already = losses.get(of.id());
        }
        if (already != null) {
            unlisten(of, listener);
            listener.accept(already);
        }
    }

    synchronized void unlisten(Lease of, Consumer<StoreException> listener) {
        Set<Consumer<StoreException>> ofLease = listeners.get(of.id());
        if (ofLease != null && ofLease.remove(listener) && ofLease.isEmpty()) {
            listeners.remove(of.id());
        }
    }

    private void follow(Lease opened) {
        var unused = opened.lost().thenAccept(cause -> {
            Set<Consumer<StoreException>> told;
            synchronized (this) {
                losses.put(opened.id(), cause);
                told = listeners.remove(opened.id());
            }
            if (told != null) {
                told.forEach(listener -> listener.accept(cause));
            }
        });
    }

    static StoreException lost(String name, Throwable cause) {
        return new StoreException(
                ErrorCode.LOCK_LOST,
                "lock \"" + name + "\": its lease is lost (" + cause.getMessage() + ")",
                Map.of(),
                cause);
    }
}
