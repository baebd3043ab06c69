package dev.store.server.records;

import com.google.protobuf.ByteString;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.RecordKind;
import org.jspecify.annotations.Nullable;

/**
 * One applied change of one record.
 *
 * @param namespace namespace of the record
 * @param kind what the record is of
 * @param key its {@linkplain dev.store.raft.keyspace.RecordKey key}
 * @param current the record that was put, or null if it was deleted
 * @param revision revision of the change
 * @param atMs leader's time of the change, ms since 1970
 * @param by principal that asked for it, empty for anonymous
 */
public record RecordChange(
        String namespace,
        RecordKind kind,
        ByteString key,
        @Nullable KeyRecord current,
        long revision,
        long atMs,
        String by) {}
