package dev.store.server.locks;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.raft.keyspace.LockQueue;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The errors of calls that ask for a lock. */
final class LockErrors {
    private LockErrors() {}

    static StoreException notInTime(LockAsk ask, @Nullable Entry holder) {
        return new StoreException(
                ErrorCode.WAIT_TIMEOUT,
                "lock \"" + ask.lock().name() + "\" was not granted within " + ask.waitMs() + " ms ("
                        + (holder == null
                                ? "nobody holds it any more"
                                : "it is held by \"" + holder.owner() + "\" under token " + holder.token())
                        + ")",
                holder == null
                        ? Map.of()
                        : Map.of(
                                "holder_token", Long.toString(holder.token()),
                                "holder_owner", holder.owner(),
                                "holder_lease_id", Long.toString(holder.leaseId())),
                null);
    }

    static StoreException lost(LockAsk ask, String why) {
        return new StoreException(
                ErrorCode.LOCK_LOST,
                "lock \"" + ask.lock().name() + "\": the entry of owner \"" + ask.owner() + "\" under lease "
                        + ask.leaseId() + " is lost: " + why);
    }

    static StoreException mismatch(LockAsk ask, LockQueue present) {
        return new StoreException(
                ErrorCode.LOCK_MISMATCH,
                "lock \"" + ask.lock().name() + "\": asked for as " + said(ask.queue()) + " (expected: " + said(present)
                        + ", as which it is in use)");
    }

    private static String said(LockQueue queue) {
        return switch (queue.kind()) {
            case EXCLUSIVE -> "an exclusive lock";
            case SHARED -> "a shared lock";
            case SEMAPHORE -> "a semaphore of " + queue.permits() + " permits";
        };
    }
}
