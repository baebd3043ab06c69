package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import dev.store.api.v1.KeyValue;
import java.util.Objects;

/**
 * What is stored of one key at one revision: the value and its metadata, without the key.
 *
 * @param value the value
 * @param createRevision revision at which the key was created
 * @param modRevision revision of the last put
 * @param version puts since creation, starting at 1
 * @param leaseId attached lease, 0 if none
 * @param createdAtMs leader's time of creation, ms since 1970
 * @param modifiedAtMs leader's time of the last put, ms since 1970
 * @param modifiedBy principal of the last put, empty for anonymous
 */
public record KeyRecord(
        ByteString value,
        long createRevision,
        long modRevision,
        long version,
        long leaseId,
        long createdAtMs,
        long modifiedAtMs,
        String modifiedBy) {

    public KeyRecord {
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(modifiedBy, "modifiedBy");
    }

    /** The same without its value. */
    public KeyRecord withoutValue() {
        return new KeyRecord(
                ByteString.EMPTY, createRevision, modRevision, version, leaseId, createdAtMs, modifiedAtMs, modifiedBy);
    }

    /** The public form of this record. */
    public KeyValue toKeyValue(ByteString key, boolean withValue) {
        KeyValue.Builder entry = KeyValue.newBuilder()
                .setKey(key)
                .setCreateRevision(createRevision)
                .setModRevision(modRevision)
                .setVersion(version)
                .setLeaseId(leaseId)
                .setCreatedAtMs(createdAtMs)
                .setModifiedAtMs(modifiedAtMs)
                .setModifiedBy(modifiedBy);
        if (withValue) {
            entry.setValue(value);
        }
        return entry.build();
    }
}
