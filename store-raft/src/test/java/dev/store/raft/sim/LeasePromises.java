package dev.store.raft.sim;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Until when leases were promised to live, and when they ended. */
final class LeasePromises {
    private final SimTime time;
    private final Map<Long, Long> promisedNanos = new HashMap<>();
    private final Map<Long, Long> endedNanos = new HashMap<>();
    private final Set<Long> revoked = new HashSet<>();
    private int expired;

    LeasePromises(SimTime time) {
        this.time = time;
    }

    /** An owner was told that its lease lives for a time from the moment at which it asked. */
    void promised(long lease, long askedNanos, long ttlMs) {
        long until = Math.max(promisedNanos.getOrDefault(lease, 0L), askedNanos + ttlMs * 1_000_000);
        promisedNanos.put(lease, until);
        check(lease);
    }

    void revoked(long lease) {
        revoked.add(lease);
    }

    /** Some member applied the end of a lease because of its time. */
    void expired(long lease) {
        if (endedNanos.putIfAbsent(lease, time.nowNanos()) == null) {
            expired++;
            check(lease);
        }
    }

    int expired() {
        return expired;
    }

    private void check(long lease) {
        Long ended = endedNanos.get(lease);
        Long promised = promisedNanos.get(lease);
        if (ended != null && promised != null && ended < promised && !revoked.contains(lease)) {
            throw new BrokenPromise(
                    "Lease",
                    "never ends before its time has passed since the last acknowledged grant or keepalive",
                    "lease " + lease + " ended at " + ended / 1_000_000 + " ms, promised until " + promised / 1_000_000
                            + " ms");
        }
    }
}
