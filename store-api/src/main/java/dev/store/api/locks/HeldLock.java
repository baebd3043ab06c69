package dev.store.api.locks;

import dev.store.api.client.Bytes;
import dev.store.api.error.StoreException;
import java.util.concurrent.CompletableFuture;

/**
 * A lock that was granted. It is held until it is given back, or until its lease is lost.
 *
 * <p>To be told of the loss is not enough: this process may sleep past the end of the lease. Whatever the lock protects
 * should demand the {@linkplain #token token}: {@code Op.txn().requireLock(lock.name(), lock.token())}.
 */
public interface HeldLock extends AutoCloseable {
    /** Name of the lock. */
    String name();

    /** Who holds it. */
    String owner();

    /** The fencing token: greater than that of any earlier holder. */
    long token();

    /** Lease that the lock ends with. */
    long leaseId();

    /**
     * Completes, with the reason, when the lock is lost, or when it may be because the lease could not be renewed in time. Does
     * not complete when it is given back.
     */
    CompletableFuture<StoreException> lost();

    /** Changes the value that is shown to others; LOCK_NOT_HELD if the lock is lost. */
    CompletableFuture<Void> proclaim(Bytes value);

    /** Gives the lock back; LOCK_NOT_HELD if it is lost already. */
    CompletableFuture<Void> unlock();

    /** Gives the lock back and waits for it, at most for the client's timeout. If that fails, it ends with its lease. */
    @Override
    void close();
}
