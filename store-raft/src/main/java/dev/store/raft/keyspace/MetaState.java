package dev.store.raft.keyspace;

/**
 * The row that is written with every batch: how far the log is applied, and what it came to.
 *
 * @param applied position of the last entry applied
 * @param revision current revision
 * @param compactRevision compaction revision
 * @param wallTimeMs last wall time folded in
 * @param leaseTimeMs lease clock
 * @param hash rolling hash of everything applied
 */
record MetaState(
        LogPosition applied, long revision, long compactRevision, long wallTimeMs, long leaseTimeMs, long hash) {
    static final MetaState EMPTY = new MetaState(LogPosition.NONE, 0, 0, 0, 0, 0);

    byte[] encode() {
        byte[] row = new byte[56];
        Rows.putLong(row, 0, applied.term());
        Rows.putLong(row, 8, applied.index());
        Rows.putLong(row, 16, revision);
        Rows.putLong(row, 24, compactRevision);
        Rows.putLong(row, 32, wallTimeMs);
        Rows.putLong(row, 40, leaseTimeMs);
        Rows.putLong(row, 48, hash);
        return row;
    }

    static MetaState decode(byte[] row) {
        if (row.length != 56) {
            throw new IllegalStateException("meta row: " + row.length + " bytes (expected: 56)");
        }
        return new MetaState(
                new LogPosition(Rows.getLong(row, 0), Rows.getLong(row, 8)),
                Rows.getLong(row, 16),
                Rows.getLong(row, 24),
                Rows.getLong(row, 32),
                Rows.getLong(row, 40),
                Rows.getLong(row, 48));
    }

    MetaState withApplied(LogPosition position) {
        return new MetaState(position, revision, compactRevision, wallTimeMs, leaseTimeMs, hash);
    }
}
