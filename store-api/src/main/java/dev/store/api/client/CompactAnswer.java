package dev.store.api.client;

/** The answer to a compaction. */
public record CompactAnswer(Header header) implements Versioned {}
