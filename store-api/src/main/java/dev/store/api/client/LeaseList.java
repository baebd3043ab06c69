package dev.store.api.client;

import java.time.Duration;
import java.util.List;

/**
 * One page of the leases of a namespace.
 *
 * @param leases in ascending order of id
 * @param more whether more follow; ask for those after the last id of this page
 */
public record LeaseList(Header header, List<Item> leases, boolean more) implements Versioned {
    public LeaseList {
        leases = List.copyOf(leases);
    }

    /**
     * One lease.
     *
     * @param id its id
     * @param ttl how long it lives without being kept alive
     * @param attachedKeys how many keys are attached to it
     */
    public record Item(long id, Duration ttl, long attachedKeys) {}
}
