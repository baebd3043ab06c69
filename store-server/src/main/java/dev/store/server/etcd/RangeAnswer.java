package dev.store.server.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.server.etcd.v3.KeyValue;
import dev.store.server.etcd.v3.RangeResponse;
import dev.store.server.etcd.v3.ResponseHeader;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A {@link RangeResponse} that is encoded while it is read: a list of a thousand keys costs one copy of its bytes, and no
 * message for each key.
 */
final class RangeAnswer {
    private static final int FIRST_BYTES = 512;

    private final ByteString.Output bytes = ByteString.newOutput(FIRST_BYTES);
    private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

    /** Adds an entry. */
    void add(ByteString key, KeyRecord found, boolean withValue) {
        boolean value = withValue && !found.value().isEmpty();
        int size = bytesSize(KeyValue.KEY_FIELD_NUMBER, key)
                + numberSize(KeyValue.CREATE_REVISION_FIELD_NUMBER, found.createRevision())
                + numberSize(KeyValue.MOD_REVISION_FIELD_NUMBER, found.modRevision())
                + numberSize(KeyValue.VERSION_FIELD_NUMBER, found.version())
                + (value ? bytesSize(KeyValue.VALUE_FIELD_NUMBER, found.value()) : 0)
                + numberSize(KeyValue.LEASE_FIELD_NUMBER, found.leaseId());
        try {
            out.writeTag(RangeResponse.KVS_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            out.writeUInt32NoTag(size);
            out.writeBytes(KeyValue.KEY_FIELD_NUMBER, key);
            writeNumber(KeyValue.CREATE_REVISION_FIELD_NUMBER, found.createRevision());
            writeNumber(KeyValue.MOD_REVISION_FIELD_NUMBER, found.modRevision());
            writeNumber(KeyValue.VERSION_FIELD_NUMBER, found.version());
            if (value) {
                out.writeBytes(KeyValue.VALUE_FIELD_NUMBER, found.value());
            }
            writeNumber(KeyValue.LEASE_FIELD_NUMBER, found.leaseId());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot happen in memory", e);
        }
    }

    /**
     * Ends the answer. The header comes last in it: the order of fields is free (protobuf, "Encoding", "Field order").
     *
     * @param more whether the limit left entries out
     * @param count all keys of the range
     */
    ByteString done(ResponseHeader header, boolean more, long count) {
        try {
            out.writeMessage(RangeResponse.HEADER_FIELD_NUMBER, header);
            if (more) {
                out.writeBool(RangeResponse.MORE_FIELD_NUMBER, true);
            }
            writeNumber(RangeResponse.COUNT_FIELD_NUMBER, count);
            out.flush();
            return bytes.toByteString();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot happen in memory", e);
        }
    }

    private static int bytesSize(int field, ByteString value) {
        return CodedOutputStream.computeBytesSize(field, value);
    }

    private static int numberSize(int field, long value) {
        return value == 0 ? 0 : CodedOutputStream.computeInt64Size(field, value);
    }

    private void writeNumber(int field, long value) throws IOException {
        if (value != 0) {
            out.writeInt64(field, value);
        }
    }
}
