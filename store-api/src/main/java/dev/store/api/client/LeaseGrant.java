package dev.store.api.client;

import java.time.Duration;

/**
 * A lease that was granted.
 *
 * @param id its id
 * @param ttl how long it lives without being kept alive
 */
public record LeaseGrant(Header header, long id, Duration ttl) implements Versioned {}
