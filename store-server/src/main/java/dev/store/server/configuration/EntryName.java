package dev.store.server.configuration;

import com.google.protobuf.ByteString;
import dev.store.api.v1.ConfigKey;
import dev.store.raft.keyspace.RecordKey;
import dev.store.raft.keyspace.RecordKind;
import java.util.Comparator;
import java.util.List;

/**
 * Name of an entry in its namespace; with an empty name, what belongs to the whole group.
 *
 * @param namespace a checked name, never empty
 * @param group group
 * @param name name within the group
 */
record EntryName(String namespace, String group, String name) implements Comparable<EntryName> {
    private static final Comparator<EntryName> ORDER = Comparator.comparing(EntryName::namespace)
            .thenComparing(EntryName::group)
            .thenComparing(EntryName::name);

    static EntryName of(String namespace, ByteString recordKey) {
        List<String> parts = RecordKey.parts(recordKey, 2);
        return new EntryName(namespace, parts.get(0), parts.get(1));
    }

    static EntryName of(String namespace, ConfigKey key) {
        return new EntryName(namespace, key.getGroup(), key.getName());
    }

    /** The key of the record of this kind. */
    ByteString key(RecordKind kind) {
        return RecordKey.of(kind, group, name);
    }

    /** The key of a version. */
    ByteString versionKey(long number) {
        return RecordKey.numbered(key(RecordKind.CONFIG_VERSION), number);
    }

    /** What the keys of all records of this kind of the group start with. */
    ByteString groupPrefix(RecordKind kind) {
        return RecordKey.of(kind, group);
    }

    EntryName wholeGroup() {
        return new EntryName(namespace, group, "");
    }

    ConfigKey toKey() {
        return ConfigKey.newBuilder().setGroup(group).setName(name).build();
    }

    @Override
    public int compareTo(EntryName other) {
        return ORDER.compare(this, other);
    }

    /** For messages: {@code group/name}. */
    @Override
    public String toString() {
        return name.isEmpty() ? group : group + "/" + name;
    }
}
