package dev.store.api.client;

/**
 * A change of leadership that was asked for.
 *
 * @param leader name of the new leader
 */
public record LeadershipTransfer(Header header, String leader) implements Versioned {}
