package dev.store.raft;

import dev.store.raft.keyspace.LogPosition;
import java.nio.file.Path;

/**
 * A copy of a member's state in one file.
 *
 * @param file where it is
 * @param bytes its size
 * @param applied log position of the copied state
 * @param revision revision of the copied state
 */
public record SnapshotFile(Path file, long bytes, LogPosition applied, long revision) {}
