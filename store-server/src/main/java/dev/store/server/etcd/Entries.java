package dev.store.server.etcd;

import com.google.protobuf.ByteString;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.server.etcd.v3.KeyValue;

/** Entries in etcd's form. */
final class Entries {
    private Entries() {}

    static KeyValue of(dev.store.api.v1.KeyValue entry) {
        return KeyValue.newBuilder()
                .setKey(entry.getKey())
                .setCreateRevision(entry.getCreateRevision())
                .setModRevision(entry.getModRevision())
                .setVersion(entry.getVersion())
                .setValue(entry.getValue())
                .setLease(entry.getLeaseId())
                .build();
    }

    static KeyValue of(ByteString key, KeyRecord found, boolean withValue) {
        KeyValue.Builder entry = KeyValue.newBuilder()
                .setKey(key)
                .setCreateRevision(found.createRevision())
                .setModRevision(found.modRevision())
                .setVersion(found.version())
                .setLease(found.leaseId());
        if (withValue) {
            entry.setValue(found.value());
        }
        return entry.build();
    }
}
