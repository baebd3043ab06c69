package dev.store.server.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.ConfigSchema;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.v1.ConfigSchemaRecord;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A schema that is attached to an entry or a group; compiled when it is first needed. */
final class AttachedSchema {
    private final EntryName name;
    private final ConfigSchemaRecord record;
    private final long revision;
    private final long atMs;
    private volatile @Nullable JsonSchema compiled;

    AttachedSchema(EntryName name, ConfigSchemaRecord record, KeyRecord row) {
        this.name = name;
        this.record = record;
        this.revision = row.modRevision();
        this.atMs = row.modifiedAtMs();
    }

    /** Refuses a content that the schema forbids. */
    void check(EntryName entry, JsonNode content) {
        List<JsonSchema.Violation> violations = schema().violations(content);
        if (!violations.isEmpty()) {
            JsonSchema.Violation first = violations.get(0);
            String more = violations.size() > 1 ? ", and " + (violations.size() - 1) + " more" : "";
            throw new StoreException(
                    ErrorCode.SCHEMA_VIOLATED,
                    "content of " + entry + " at \"" + first.path() + "\": " + first.reason() + more
                            + " (expected: what the schema of " + name + " allows)",
                    Map.of("path", first.path(), "reason", first.reason(), "schema", name.toString()),
                    null);
        }
    }

    private JsonSchema schema() {
        JsonSchema known = compiled;
        if (known == null) {
            // Twice at most, when two need it first at the same time.
            known = JsonSchema.compile(record.getSchema());
            compiled = known;
        }
        return known;
    }

    ConfigSchema toProto() {
        return ConfigSchema.newBuilder()
                .setGroup(name.group())
                .setName(name.name())
                .setSchema(record.getSchema())
                .setAuthor(record.getAuthor())
                .setComment(record.getComment())
                .setSetAtMs(atMs)
                .setRevision(revision)
                .build();
    }
}
