package dev.store.api.client;

import dev.store.api.error.StoreException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A lease that this client keeps alive, by renewing it each third of its time to live, together with its others. It is
 * kept until it is revoked, let go or lost. Thread-safe.
 */
public sealed interface Lease extends AutoCloseable permits KeptLease {
    /** Its id, to attach keys to. */
    long id();

    /** How long it lives after the last renewal. */
    Duration ttl();

    /**
     * How long it certainly still lives, reckoned from when the last acknowledged renewal was sent; 0 once lost. The
     * cluster never ends it earlier, whatever happens to members and clocks.
     */
    Duration remaining();

    /**
     * Completes, with the reason, when the lease is lost: with LEASE_NOT_FOUND when the cluster says that it has ended, or
     * with another code when no renewal was acknowledged for so long that it may have. It is not renewed any more then. Does
     * not complete if the lease is revoked or let go.
     */
    CompletableFuture<StoreException> lost();

    /** Stops renewing it: it ends when its time has passed, unless somebody else renews it. */
    void letGo();

    /** Ends it and deletes its keys. */
    CompletableFuture<LeaseRevocation> revoke();

    /**
     * Revokes it and waits until that is done, at most for the client's timeout. If that fails, the lease ends by itself when
     * its time has passed.
     */
    @Override
    void close();
}
