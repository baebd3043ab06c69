package dev.store.api.client;

/**
 * A lease that was ended.
 *
 * @param deleted how many keys were deleted with it
 */
public record LeaseRevocation(Header header, long deleted) implements Versioned {}
