package dev.store.server.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.store.api.v1.ConfigCause;
import dev.store.api.v1.ConfigEntry;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.v1.ConfigLabel;
import dev.store.raft.v1.ConfigVersionRecord;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One version of an entry in its public form, made once for all who get it.
 *
 * @param entry the version; without content if it is not held
 * @param held whether the content is there, rather than to be read from the keyspace
 */
record EntryVersion(ConfigEntry entry, boolean held) {
    long number() {
        return entry.getVersion();
    }

    boolean deleted() {
        return entry.getDeleted();
    }

    EntryVersion withoutContent() {
        return held && entry.getSizeBytes() > 0
                ? new EntryVersion(entry.toBuilder().clearContent().build(), false)
                : this;
    }

    /** The same, as one that is no longer or not yet gray. */
    EntryVersion gray(boolean gray) {
        return entry.getGray() == gray
                ? this
                : new EntryVersion(entry.toBuilder().setGray(gray).build(), held);
    }

    static EntryVersion read(EntryName name, long number, KeyRecord row) {
        ConfigVersionRecord record;
        try {
            record = ConfigVersionRecord.parseFrom(row.value());
        } catch (InvalidProtocolBufferException e) {
            throw Stored.broken(name, e);
        }
        ConfigEntry.Builder entry = ConfigEntry.newBuilder()
                .setKey(name.toKey())
                .setVersion(number)
                .setType(record.getType())
                .setContent(record.getContent())
                .setDescription(record.getDescription())
                .setChecksum(record.getChecksum())
                .setSizeBytes(record.getContent().size())
                .setCause(record.getCause())
                .setFromVersion(record.getFromVersion())
                .setPrincipal(row.modifiedBy())
                .setAuthor(record.getAuthor())
                .setComment(record.getComment())
                .setFromAddress(record.getFromAddress())
                // A promotion writes the row again, but the version was made before.
                .setPublishedAtMs(row.createdAtMs())
                .setRevision(row.createRevision())
                .setGray(record.getGray())
                .setDeleted(record.getCause() == ConfigCause.CONFIG_CAUSE_DELETE);
        for (ConfigLabel label : record.getLabelsList()) {
            entry.putLabels(label.getName(), label.getValue());
        }
        return new EntryVersion(entry.build(), true);
    }

    /** The record of a version in public form; what the keyspace keeps by itself is left out. */
    static ConfigVersionRecord record(ConfigEntry entry) {
        ConfigVersionRecord.Builder record = ConfigVersionRecord.newBuilder()
                .setType(entry.getType())
                .setContent(entry.getContent())
                .setDescription(entry.getDescription())
                .setChecksum(entry.getChecksum())
                .setCause(entry.getCause())
                .setFromVersion(entry.getFromVersion())
                .setAuthor(entry.getAuthor())
                .setComment(entry.getComment())
                .setFromAddress(entry.getFromAddress())
                .setGray(entry.getGray());
        for (Map.Entry<String, String> label : new TreeMap<>(entry.getLabelsMap()).entrySet()) {
            record.addLabels(ConfigLabel.newBuilder().setName(label.getKey()).setValue(label.getValue()));
        }
        return record.build();
    }

    /** The entry with its content as JSON too, where it has the shape of a tree. */
    static ConfigEntry withJson(ConfigEntry entry) {
        if (entry.getDeleted()) {
            return entry;
        }
        @Nullable JsonNode tree = Content.treeIfAny(entry.getType(), entry.getContent());
        if (tree == null) {
            return entry;
        }
        ByteString json = JsonContent.write(tree);
        return entry.toBuilder().setJson(json).build();
    }
}
