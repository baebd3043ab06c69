package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import dev.store.raft.storage.OrderedStore;
import java.util.Arrays;

/**
 * Keys of the rows in which the keyspace is stored. This is a stored format.
 *
 * <p>The first byte names the table; each table is one interval of the order:
 *
 * <ul>
 *   <li>{@code a} attachment: lease id, scoped key
 *   <li>{@code c} current record: scoped key
 *   <li>{@code d} kept answer: client id, sequence
 *   <li>{@code h} history: escaped scoped key, revision descending; no value, it points to the revision log
 *   <li>{@code l} lease: id
 *   <li>{@code m} meta: name
 *   <li>{@code r} revision log: revision, scoped key
 *   <li>{@code s} client session: client id
 * </ul>
 *
 * Numbers are eight bytes, big-endian, so that their order is that of the bytes.
 */
final class Rows {
    static final byte[] META_STATE = {'m', 's'};
    static final byte[] META_PHYSICAL = {'m', 'p'};
    static final byte[] META_FORMAT = {'m', 'f'};

    private Rows() {}

    static byte[] current(ByteString scopedKey) {
        return tabled('c', scopedKey);
    }

    static ByteString keyOfCurrent(byte[] row) {
        return ByteString.copyFrom(row, 1, row.length - 1);
    }

    static byte[] revision(long revision, ByteString scopedKey) {
        byte[] row = new byte[9 + scopedKey.size()];
        row[0] = OrderedStore.LOG;
        putLong(row, 1, revision);
        scopedKey.copyTo(row, 9);
        return row;
    }

    /** First possible row of a revision; also the end of the revision before. */
    static byte[] revisionStart(long revision) {
        byte[] row = new byte[9];
        row[0] = OrderedStore.LOG;
        putLong(row, 1, revision);
        return row;
    }

    static long revisionOf(byte[] revisionRow) {
        return getLong(revisionRow, 1);
    }

    static ByteString keyOfRevision(byte[] revisionRow) {
        return ByteString.copyFrom(revisionRow, 9, revisionRow.length - 9);
    }

    /** The history row of a key at a revision: rows of one key are together, the newest first. */
    static byte[] history(ByteString scopedKey, long revision) {
        byte[] row = escaped(scopedKey, 10);
        int at = row.length - 10;
        row[at] = 0;
        row[at + 1] = 0;
        putLong(row, at + 2, ~revision);
        return row;
    }

    /** Where the history of keys at or after this one begins, whether or not the key itself has any. */
    static byte[] historyStart(ByteString scopedKey) {
        return escaped(scopedKey, 0);
    }

    /** The least row after all history rows of a key. */
    static byte[] historyEnd(ByteString scopedKey) {
        byte[] row = escaped(scopedKey, 2);
        row[row.length - 2] = 0;
        row[row.length - 1] = 1;
        return row;
    }

    static long revisionOfHistory(byte[] historyRow) {
        return ~getLong(historyRow, historyRow.length - 8);
    }

    static ByteString keyOfHistory(byte[] historyRow) {
        byte[] key = new byte[historyRow.length];
        int size = 0;
        int end = historyRow.length - 10;
        for (int i = 1; i < end; i++) {
            key[size++] = historyRow[i];
            if (historyRow[i] == 0) {
                i++;
            }
        }
        return ByteString.copyFrom(key, 0, size);
    }

    static byte[] lease(long leaseId) {
        return numbered('l', leaseId);
    }

    static long idOfLease(byte[] leaseRow) {
        return getLong(leaseRow, 1);
    }

    static byte[] attachment(long leaseId, ByteString scopedKey) {
        byte[] row = new byte[9 + scopedKey.size()];
        row[0] = 'a';
        putLong(row, 1, leaseId);
        scopedKey.copyTo(row, 9);
        return row;
    }

    static byte[] attachmentsStart(long leaseId) {
        return numbered('a', leaseId);
    }

    static ByteString keyOfAttachment(byte[] row) {
        return ByteString.copyFrom(row, 9, row.length - 9);
    }

    static byte[] session(long clientId) {
        return numbered('s', clientId);
    }

    static byte[] answer(long clientId, long sequence) {
        byte[] row = new byte[17];
        row[0] = 'd';
        putLong(row, 1, clientId);
        putLong(row, 9, sequence);
        return row;
    }

    /** First possible row of a table; with the next letter, the end of the table. */
    static byte[] table(char table) {
        return new byte[] {(byte) table};
    }

    /** Eight-byte number after the table's letter. */
    static long number(byte[] row) {
        return getLong(row, 1);
    }

    private static byte[] tabled(char table, ByteString key) {
        byte[] row = new byte[1 + key.size()];
        row[0] = (byte) table;
        key.copyTo(row, 1);
        return row;
    }

    private static byte[] numbered(char table, long number) {
        byte[] row = new byte[9];
        row[0] = (byte) table;
        putLong(row, 1, number);
        return row;
    }

    /** Zero bytes become 00 ff, so that 00 00 can end a key without disturbing the order. */
    private static byte[] escaped(ByteString key, int room) {
        int zeros = 0;
        for (int i = 0; i < key.size(); i++) {
            if (key.byteAt(i) == 0) {
                zeros++;
            }
        }
        byte[] row = new byte[1 + key.size() + zeros + room];
        int at = 0;
        row[at++] = 'h';
        for (int i = 0; i < key.size(); i++) {
            byte b = key.byteAt(i);
            row[at++] = b;
            if (b == 0) {
                row[at++] = (byte) 0xff;
            }
        }
        return row;
    }

    static boolean startsWith(byte[] row, byte[] prefix) {
        return row.length >= prefix.length && Arrays.equals(row, 0, prefix.length, prefix, 0, prefix.length);
    }

    static void putLong(byte[] bytes, int at, long value) {
        for (int i = 0; i < 8; i++) {
            bytes[at + i] = (byte) (value >>> (56 - 8 * i));
        }
    }

    static long getLong(byte[] bytes, int at) {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | (bytes[at + i] & 0xff);
        }
        return value;
    }
}
