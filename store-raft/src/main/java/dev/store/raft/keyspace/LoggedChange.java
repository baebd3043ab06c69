package dev.store.raft.keyspace;

import org.jspecify.annotations.Nullable;

/**
 * A row of the revision log: one change of one key at one revision.
 *
 * @param ordinal place of the change in its transaction
 * @param previousRevision revision of the record that this change replaced or deleted; 0 if the key did not exist
 * @param current the record that was put, or null for a deletion
 * @param atMs leader's time of the change, ms since 1970
 * @param by who asked for it
 */
record LoggedChange(
        int ordinal, long previousRevision, @Nullable KeyRecord current, long atMs, String by) {
    private static final int PUT = 0;
    private static final int DELETE = 1;

    RowWriter encode(RowWriter row) {
        row.tag(current == null ? DELETE : PUT).number(ordinal).number(previousRevision);
        return current == null ? row.number(atMs).text(by) : encodeRecord(row, current);
    }

    static LoggedChange decode(byte[] row) {
        RowReader reader = new RowReader(row);
        int tag = reader.tag();
        int ordinal = (int) reader.number();
        long previousRevision = reader.number();
        if (tag == DELETE) {
            return new LoggedChange(ordinal, previousRevision, null, reader.number(), reader.text());
        }
        KeyRecord current = readRecord(reader);
        return new LoggedChange(ordinal, previousRevision, current, current.modifiedAtMs(), current.modifiedBy());
    }

    static KeyRecord decodeRecord(byte[] row) {
        return readRecord(new RowReader(row));
    }

    static RowWriter encodeRecord(RowWriter row, KeyRecord keyRecord) {
        return row.number(keyRecord.createRevision())
                .number(keyRecord.modRevision())
                .number(keyRecord.version())
                .number(keyRecord.leaseId())
                .number(keyRecord.createdAtMs())
                .number(keyRecord.modifiedAtMs())
                .text(keyRecord.modifiedBy())
                .bytes(keyRecord.value());
    }

    private static KeyRecord readRecord(RowReader row) {
        long createRevision = row.number();
        long modRevision = row.number();
        long version = row.number();
        long leaseId = row.number();
        long createdAtMs = row.number();
        long modifiedAtMs = row.number();
        String modifiedBy = row.text();
        return new KeyRecord(
                row.bytes(), createRevision, modRevision, version, leaseId, createdAtMs, modifiedAtMs, modifiedBy);
    }
}
