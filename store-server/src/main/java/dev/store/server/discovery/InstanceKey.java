package dev.store.server.discovery;

import com.google.protobuf.ByteString;
import dev.store.api.v1.Instance;
import dev.store.api.v1.InstanceRef;
import dev.store.raft.keyspace.RecordKey;
import dev.store.raft.keyspace.RecordKind;
import java.util.Comparator;
import java.util.List;

/**
 * What names an instance within its namespace.
 *
 * @param service name of the service
 * @param node what keeps equal ids apart, such as the host
 * @param id id of the instance on its node
 */
record InstanceKey(String service, String node, String id) implements Comparable<InstanceKey> {
    /** Name of the check that every ephemeral instance has. */
    static final String HEARTBEAT = "heartbeat";

    private static final Comparator<InstanceKey> ORDER = Comparator.comparing(InstanceKey::service)
            .thenComparing(InstanceKey::node)
            .thenComparing(InstanceKey::id);

    static InstanceKey of(Instance instance) {
        return new InstanceKey(instance.getService(), instance.getNode(), instance.getId());
    }

    static InstanceKey of(InstanceRef ref) {
        return new InstanceKey(ref.getService(), ref.getNode(), ref.getId());
    }

    /** The instance that an INSTANCE, HEARTBEAT or CHECK record belongs to. */
    static InstanceKey of(ByteString recordKey) {
        List<String> parts = RecordKey.parts(recordKey, 3);
        return new InstanceKey(parts.get(0), parts.get(1), parts.get(2));
    }

    InstanceRef ref() {
        return InstanceRef.newBuilder()
                .setService(service)
                .setNode(node)
                .setId(id)
                .build();
    }

    ByteString instanceRecord() {
        return RecordKey.of(RecordKind.INSTANCE, service, node, id);
    }

    ByteString heartbeatRecord() {
        return RecordKey.of(RecordKind.HEARTBEAT, service, node, id);
    }

    /** What the keys of the records of all checks start with. */
    ByteString checkRecords() {
        return RecordKey.of(RecordKind.CHECK, service, node, id);
    }

    ByteString checkRecord(String check) {
        return RecordKey.of(RecordKind.CHECK, service, node, id, check);
    }

    ByteString serviceRecord() {
        return serviceRecord(service);
    }

    static ByteString serviceRecord(String service) {
        return RecordKey.of(RecordKind.SERVICE, service);
    }

    /** What the keys of the records of all instances of a service start with. */
    static ByteString instanceRecords(String service) {
        return RecordKey.of(RecordKind.INSTANCE, service);
    }

    @Override
    public int compareTo(InstanceKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return service + "/" + node + "/" + id;
    }
}
