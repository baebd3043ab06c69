package dev.store.server.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.ConfigDeleteSchemaRequest;
import dev.store.api.v1.ConfigDeleteSchemaResponse;
import dev.store.api.v1.ConfigEntry;
import dev.store.api.v1.ConfigListSchemasRequest;
import dev.store.api.v1.ConfigListSchemasResponse;
import dev.store.api.v1.ConfigSetSchemaRequest;
import dev.store.api.v1.ConfigSetSchemaResponse;
import dev.store.api.v1.ConfigViolation;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import dev.store.raft.keyspace.RecordKind;
import dev.store.raft.keyspace.Requests;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.ConfigRecord;
import dev.store.raft.v1.ConfigSchemaRecord;
import dev.store.server.records.RecordCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Schemas: attached, detached, listed. */
final class SchemaChanges {
    private static final int MAX_VIOLATIONS = 100;

    private final ConfigParts parts;

    SchemaChanges(ConfigParts parts) {
        this.parts = parts;
    }

    CompletableFuture<ConfigSetSchemaResponse> set(ConfigSetSchemaRequest request, @Nullable OperationId operation) {
        EntryName target = ConfigRequests.entryOrGroup(request.getNamespace(), request.getGroup(), request.getName());
        ConfigRequests.words(request.getAuthor(), request.getComment());
        if (request.getSchema().size() > Limits.CONFIG_SCHEMA_BYTES) {
            throw ConfigRequests.tooLarge("schema", request.getSchema().size() + " bytes", Limits.CONFIG_SCHEMA_BYTES);
        }
        return parts.pool()
                .submit(() -> JsonSchema.compile(request.getSchema()))
                .thenCompose(schema ->
                        parts.mutations().run(target.namespace(), operation, new Attach(target, request, schema)));
    }

    private final class Attach implements Mutations.Change<ConfigSetSchemaResponse> {
        private final EntryName target;
        private final ConfigSetSchemaRequest request;
        private final JsonSchema schema;

        Attach(EntryName target, ConfigSetSchemaRequest request, JsonSchema schema) {
            this.target = target;
            this.request = request;
            this.schema = schema;
        }

        @Override
        public CompletableFuture<Mutations.Plan<ConfigSetSchemaResponse>> plan(long revision) {
            ReadOptions local = ReadOptions.newBuilder()
                    .setConsistency(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE)
                    .setAtLeastRevision(revision)
                    .build();
            return parts.records().reads().large(local, view -> {
                Stored stored = new Stored(view);
                List<ConfigViolation> violations = violations(stored);
                if (request.getDryRun()) {
                    return Mutations.Plan.unchanged(ConfigSetSchemaResponse.newBuilder()
                            .setHeader(parts.headers().at(stored.revision()))
                            .addAllViolations(violations)
                            .build());
                }
                if (!violations.isEmpty() && !request.getForce()) {
                    throw refused(violations);
                }
                RecordCommand command = RecordCommand.in(target.namespace());
                if (target.name().isEmpty()) {
                    command.whenNonePutAfter(target.groupPrefix(RecordKind.CONFIG), stored.revision());
                } else {
                    command.whenNonePutAfter(target.key(RecordKind.CONFIG), stored.revision());
                }
                command.put(
                        target.key(RecordKind.CONFIG_SCHEMA),
                        ConfigSchemaRecord.newBuilder()
                                .setSchema(request.getSchema())
                                .setAuthor(request.getAuthor())
                                .setComment(request.getComment())
                                .build());
                return Mutations.Plan.of(command);
            });
        }

        private List<ConfigViolation> violations(Stored stored) {
            List<ConfigViolation> violations = new ArrayList<>();
            if (!target.name().isEmpty()) {
                stored.find(target).ifPresent(record -> look(stored, target, record, violations));
                return violations;
            }
            stored.entries(target.namespace(), target.group(), null, (name, record) -> {
                look(stored, name, record, violations);
                return violations.size() < MAX_VIOLATIONS;
            });
            return violations;
        }

        private void look(Stored stored, EntryName name, ConfigRecord record, List<ConfigViolation> violations) {
            for (long number :
                    new long[] {record.getDeleted() ? 0 : record.getNewestVersion(), record.getGrayVersion()}) {
                if (number != 0) {
                    judge(name, stored.version(name, number), violations);
                }
            }
        }

        private void judge(EntryName name, ConfigEntry entry, List<ConfigViolation> violations) {
            JsonNode tree = Content.treeIfAny(entry.getType(), entry.getContent());
            List<JsonSchema.Violation> found = tree == null
                    ? List.of(new JsonSchema.Violation(
                            "", "type " + Content.typeName(entry.getType()) + " cannot be held against a schema"))
                    : schema.violations(tree);
            for (JsonSchema.Violation violation : found) {
                if (violations.size() < MAX_VIOLATIONS) {
                    violations.add(ConfigViolation.newBuilder()
                            .setKey(name.toKey())
                            .setVersion(entry.getVersion())
                            .setPath(violation.path())
                            .setReason(violation.reason())
                            .build());
                }
            }
        }

        @Override
        public ConfigSetSchemaResponse answer(CommandResult result) {
            return ConfigSetSchemaResponse.newBuilder()
                    .setHeader(parts.headers().at(result.getRevision()))
                    .build();
        }
    }

    private static StoreException refused(List<ConfigViolation> violations) {
        ConfigViolation first = violations.get(0);
        String more = violations.size() > 1 ? ", and " + (violations.size() - 1) + " more" : "";
        return new StoreException(
                ErrorCode.SCHEMA_VIOLATED,
                "content of " + first.getKey().getGroup() + "/" + first.getKey().getName() + " version "
                        + first.getVersion() + " at \"" + first.getPath() + "\": " + first.getReason() + more
                        + " (expected: present contents that satisfy the schema; see them all with a dry run, or force)",
                Map.of("path", first.getPath(), "reason", first.getReason()),
                null);
    }

    CompletableFuture<ConfigDeleteSchemaResponse> delete(
            ConfigDeleteSchemaRequest request, @Nullable OperationId operation) {
        EntryName target = ConfigRequests.entryOrGroup(request.getNamespace(), request.getGroup(), request.getName());
        return parts.mutations().run(target.namespace(), operation, new Mutations.Change<ConfigDeleteSchemaResponse>() {
            @Override
            public CompletableFuture<Mutations.Plan<ConfigDeleteSchemaResponse>> plan(long revision) {
                if (parts.view().schema(target) == null) {
                    throw new StoreException(
                            ErrorCode.SCHEMA_NOT_FOUND,
                            "schema: " + target + " (expected: an entry or group with a schema)");
                }
                return CompletableFuture.completedFuture(Mutations.Plan.of(RecordCommand.in(target.namespace())
                        .whenPresent(target.key(RecordKind.CONFIG_SCHEMA))
                        .delete(target.key(RecordKind.CONFIG_SCHEMA))));
            }

            @Override
            public ConfigDeleteSchemaResponse answer(CommandResult result) {
                return ConfigDeleteSchemaResponse.newBuilder()
                        .setHeader(parts.headers().at(result.getRevision()))
                        .build();
            }
        });
    }

    CompletableFuture<ConfigListSchemasResponse> list(ConfigListSchemasRequest request) {
        String namespace = Requests.namespace(request.getNamespace());
        String group = ConfigRequests.groupFilter(request.getGroup());
        Requests.read(request.getRead());
        return parts.records().fresh(request.getRead()).thenApply(revision -> {
            ConfigListSchemasResponse.Builder response = ConfigListSchemasResponse.newBuilder()
                    .setHeader(parts.headers().at(revision));
            long bytes = 0;
            EntryName from = new EntryName(namespace, group, "");
            for (Map.Entry<EntryName, AttachedSchema> schema :
                    parts.view().schemasFrom(from).entrySet()) {
                EntryName name = schema.getKey();
                if (!name.namespace().equals(namespace)
                        || !(group.isEmpty() || name.group().equals(group))) {
                    break;
                }
                var shape = schema.getValue().toProto();
                bytes += shape.getSerializedSize();
                if (bytes > Limits.RESULT_BYTES) {
                    throw new StoreException(
                            ErrorCode.RESULT_TOO_LARGE,
                            "schemas: more than " + Limits.RESULT_BYTES + " bytes (expected: ask for one group)");
                }
                response.addSchemas(shape);
            }
            return response.build();
        });
    }
}
