package dev.store.server.configuration;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.ConfigEntry;
import dev.store.raft.keyspace.KeyRange;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.keyspace.RecordKey;
import dev.store.raft.keyspace.RecordKind;
import dev.store.raft.keyspace.Scope;
import dev.store.raft.keyspace.ScopedKey;
import dev.store.raft.v1.ConfigGrayRecord;
import dev.store.raft.v1.ConfigRecord;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Reads configuration from one view of the keyspace: what the view in memory does not hold, and all that is old. */
final class Stored {
    private final KeyspaceView view;

    Stored(KeyspaceView view) {
        this.view = view;
    }

    long revision() {
        return view.revision();
    }

    /** Where an entry stands; CONFIG_NOT_FOUND if there never was one. */
    ConfigRecord entry(EntryName name) {
        return find(name).orElseThrow(() -> notFound(name));
    }

    Optional<ConfigRecord> find(EntryName name) {
        return row(name, name.key(RecordKind.CONFIG)).map(row -> parse(name, row));
    }

    /** A version; VERSION_NOT_FOUND if it never was or is no longer kept. */
    ConfigEntry version(EntryName name, long number) {
        return findVersion(name, number).orElseThrow(() -> versionNotFound(name, number));
    }

    Optional<ConfigEntry> findVersion(EntryName name, long number) {
        return row(name, name.versionKey(number))
                .map(row -> EntryVersion.read(name, number, row).entry());
    }

    /** The number of the version that an instance is meant to see; 0 if the entry does not exist for it. */
    long meantFor(EntryName name, ConfigRecord record, Instance instance) {
        if (record.getGrayVersion() != 0) {
            Optional<KeyRecord> row = row(name, name.key(RecordKind.CONFIG_GRAY));
            if (row.isPresent()) {
                ConfigGrayRecord gray = parseGray(name, row.get());
                if (new GrayRule(name, gray.getRule()).chooses(instance)) {
                    return gray.getVersion();
                }
            }
        }
        return record.getDeleted() ? 0 : record.getNewestVersion();
    }

    /** Gives the versions of an entry from one number to another, both included, in rising order, until told to stop. */
    void versions(EntryName name, long from, long to, BiPredicate<Long, KeyRecord> reader) {
        scan(name.namespace(), name.versionKey(from), name.versionKey(to + 1), (key, row) -> {
            return reader.test(RecordKey.number(key), row);
        });
    }

    /** Gives the entries of a group (all groups if it is empty) after one, in order, until told to stop. */
    void entries(
            String namespace, String group, @Nullable EntryName after, BiPredicate<EntryName, ConfigRecord> reader) {
        ByteString prefix = group.isEmpty() ? RecordKey.of(RecordKind.CONFIG) : RecordKey.of(RecordKind.CONFIG, group);
        ByteString start = after == null ? prefix : KeyRange.successor(after.key(RecordKind.CONFIG));
        if (ByteString.unsignedLexicographicalComparator().compare(start, prefix) < 0) {
            start = prefix;
        }
        ByteString end = KeyRange.successor(prefix);
        if (ByteString.unsignedLexicographicalComparator().compare(start, end) < 0) {
            scan(namespace, start, end, (key, row) -> {
                EntryName name = EntryName.of(namespace, key);
                return reader.test(name, parse(name, row));
            });
        }
    }

    private void scan(String namespace, ByteString start, ByteString end, BiPredicate<ByteString, KeyRecord> reader) {
        Scope scope = Scope.records(namespace);
        try (KeyspaceView.KeyCursor cursor = view.scan(new KeyRange(scope.key(start), scope.key(end)), 0)) {
            while (cursor.next()) {
                if (!reader.test(ScopedKey.key(cursor.scopedKey()), cursor.keyRecord())) {
                    return;
                }
            }
        }
    }

    private Optional<KeyRecord> row(EntryName name, ByteString key) {
        return view.get(Scope.records(name.namespace()).key(key), 0);
    }

    static ConfigRecord parse(EntryName name, KeyRecord row) {
        try {
            return ConfigRecord.parseFrom(row.value());
        } catch (InvalidProtocolBufferException e) {
            throw broken(name, e);
        }
    }

    static ConfigGrayRecord parseGray(EntryName name, KeyRecord row) {
        try {
            return ConfigGrayRecord.parseFrom(row.value());
        } catch (InvalidProtocolBufferException e) {
            throw broken(name, e);
        }
    }

    /** Records are written by members only, so one that cannot be read is a defect. */
    static IllegalStateException broken(EntryName name, InvalidProtocolBufferException cause) {
        return new IllegalStateException("a record of configuration entry " + name + " cannot be read", cause);
    }

    static StoreException notFound(EntryName name) {
        return new StoreException(
                ErrorCode.CONFIG_NOT_FOUND,
                "entry: " + name + " (expected: an entry of namespace " + name.namespace() + ")");
    }

    private StoreException versionNotFound(EntryName name, long number) {
        ConfigRecord record = entry(name);
        return new StoreException(
                ErrorCode.VERSION_NOT_FOUND,
                "version: " + number + " of " + name + " (expected: " + Math.max(1, record.getFirstKept()) + " to "
                        + record.getLastVersion() + ", the versions that are kept)",
                Map.of("first_kept", String.valueOf(Math.max(1, record.getFirstKept()))),
                null);
    }
}
