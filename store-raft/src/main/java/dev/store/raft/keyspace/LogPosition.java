package dev.store.raft.keyspace;

/**
 * Where an entry stands in the Raft log.
 *
 * @param term term of the leader that proposed it
 * @param index its index, from 0; -1 stands for "before the first entry"
 */
public record LogPosition(long term, long index) {
    /** Before the first entry of the log. */
    public static final LogPosition NONE = new LogPosition(0, -1);
}
