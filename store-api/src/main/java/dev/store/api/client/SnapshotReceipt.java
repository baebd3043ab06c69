package dev.store.api.client;

/**
 * A copy of a member's state that was written to a file.
 *
 * @param appliedIndex applied log index of the copy
 * @param appliedTerm term of that index
 * @param bytes size of the file
 * @param sha256 SHA-256 of the file, which the member vouched for, in hexadecimal digits
 */
public record SnapshotReceipt(Header header, long appliedIndex, long appliedTerm, long bytes, String sha256)
        implements Versioned {}
