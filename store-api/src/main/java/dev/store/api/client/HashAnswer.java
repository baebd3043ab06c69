package dev.store.api.client;

/**
 * Hash of all entries of a member at a revision, equal on all members that have reached it.
 *
 * @param hash 64 bits
 * @param hashRevision the revision that was hashed
 * @param compactRevision compaction revision of the member
 * @param entries how many entries were hashed
 */
public record HashAnswer(Header header, long hash, long hashRevision, long compactRevision, long entries)
        implements Versioned {}
