package dev.store.api.locks;

import dev.store.api.client.Bytes;
import dev.store.api.v1.LockHolder;
import java.time.Instant;

/**
 * Who holds a lock.
 *
 * @param owner who asked for it
 * @param leaseId lease that the lock ends with
 * @param token its fencing token
 * @param value what the holder shows, such as a leader's address
 * @param since leader's time at which it asked
 */
public record Holder(String owner, long leaseId, long token, Bytes value, Instant since) {
    static Holder of(LockHolder holder) {
        return new Holder(
                holder.getOwner(),
                holder.getLeaseId(),
                holder.getToken(),
                Bytes.of(holder.getValue()),
                Instant.ofEpochMilli(holder.getSinceMs()));
    }
}
