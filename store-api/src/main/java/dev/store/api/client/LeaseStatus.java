package dev.store.api.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A lease as its leader knows it.
 *
 * @param id its id
 * @param ttl how long it lives without being kept alive
 * @param remaining how long it still lives if it is not kept alive; 0 while it is about to end
 * @param grantedAt leader's time of the grant
 * @param keys the attached keys in ascending order, if they were asked for
 */
public record LeaseStatus(Header header, long id, Duration ttl, Duration remaining, Instant grantedAt, List<Bytes> keys)
        implements Versioned {
    public LeaseStatus {
        keys = List.copyOf(keys);
    }
}
