package dev.store.api.client;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** One lease that {@link KeepAlives} renews. What is not volatile is used only within its synchronization context. */
final class KeptLease implements Lease {
    private final Scope scope;
    private final long id;
    private final CompletableFuture<Lease> first = new CompletableFuture<>();
    private final CompletableFuture<StoreException> lost = new CompletableFuture<>();
    private volatile long ttlNanos;
    private volatile long endsNanos;
    private volatile boolean over;
    private long dueNanos;

    /** A lease of which nothing is known yet; {@link #first} completes when it was renewed. */
    KeptLease(Scope scope, long id) {
        this(scope, id, 0, System.nanoTime());
        // Until the first answer, it may take as long as a call.
        endsNanos = System.nanoTime() + scope.settings.timeoutNanos();
        dueNanos = System.nanoTime();
    }

    /** A lease that was granted with a call sent at {@code sentNanos}. */
    KeptLease(Scope scope, long id, long ttlNanos, long sentNanos) {
        this.scope = scope;
        this.id = id;
        this.ttlNanos = ttlNanos;
        this.endsNanos = sentNanos + ttlNanos;
        this.dueNanos = sentNanos + ttlNanos / 3;
    }

    /** Its first renewal is not waited for: it was granted. */
    KeptLease granted() {
        first.complete(this);
        return this;
    }

    CompletableFuture<Lease> first() {
        return first;
    }

    String namespace() {
        return scope.namespace();
    }

    /** Time to live as last told, in ns; 0 if not told yet. */
    long ttlNanos() {
        return ttlNanos;
    }

    long dueNanos() {
        return dueNanos;
    }

    long endsNanos() {
        return endsNanos;
    }

    /** How much earlier than due it may be renewed, to go with others. */
    long slackNanos() {
        return ttlNanos / 12;
    }

    void due(long nanos) {
        dueNanos = nanos;
    }

    /** A renewal sent at {@code sentNanos} was acknowledged. */
    void renewed(long newTtlNanos, long sentNanos) {
        ttlNanos = newTtlNanos;
        endsNanos = sentNanos + newTtlNanos;
        dueNanos = sentNanos + newTtlNanos / 3;
        if (!first.isDone()) {
            scope.connection.workers().execute(() -> first.complete(this));
        }
    }

    void lose(StoreException cause) {
        if (!over) {
            over = true;
            // Elsewhere: what hangs on these futures may block, and the other leases must be renewed meanwhile.
            scope.connection.workers().execute(() -> {
                if (!first.completeExceptionally(cause)) {
                    lost.complete(cause);
                }
            });
        }
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public Duration ttl() {
        return Duration.ofNanos(ttlNanos);
    }

    @Override
    public Duration remaining() {
        return over ? Duration.ZERO : Duration.ofNanos(Math.max(0, endsNanos - System.nanoTime()));
    }

    @Override
    public CompletableFuture<StoreException> lost() {
        return lost.copy();
    }

    @Override
    public void letGo() {
        over = true;
        scope.connection.keepAlives().remove(this);
    }

    @Override
    public CompletableFuture<LeaseRevocation> revoke() {
        letGo();
        return new LeaseClient(scope).revoke(id);
    }

    @Override
    public void close() {
        try {
            revoke().join();
        } catch (CompletionException e) {
            // It ends by itself; LEASE_NOT_FOUND says that it has.
            letGo();
        }
    }

    static StoreException notFound(long id) {
        return new StoreException(
                ErrorCode.LEASE_NOT_FOUND, "lease: " + id + " (expected: one that exists; it has ended)");
    }
}
