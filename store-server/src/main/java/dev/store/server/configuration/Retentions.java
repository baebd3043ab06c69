package dev.store.server.configuration;

import dev.store.api.v1.ConfigSetRetentionRequest;
import dev.store.api.v1.ConfigSetRetentionResponse;
import dev.store.api.v1.OperationId;
import dev.store.raft.keyspace.RecordKind;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.ConfigPolicyRecord;
import dev.store.server.records.RecordCommand;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** How long versions are kept: said here, done by the next publication of each entry. */
final class Retentions {
    private final ConfigParts parts;

    Retentions(ConfigParts parts) {
        this.parts = parts;
    }

    CompletableFuture<ConfigSetRetentionResponse> set(
            ConfigSetRetentionRequest request, @Nullable OperationId operation) {
        EntryName target = ConfigRequests.entryOrGroup(request.getNamespace(), request.getGroup(), request.getName());
        ConfigRequests.retention(request.getRetention());
        RecordCommand command = RecordCommand.in(target.namespace());
        if (request.hasRetention()) {
            command.put(
                    target.key(RecordKind.CONFIG_POLICY),
                    ConfigPolicyRecord.newBuilder()
                            .setMaxVersions(request.getRetention().getMaxVersions())
                            .setMaxAgeMs(request.getRetention().getMaxAgeMs())
                            .build());
        } else {
            command.delete(target.key(RecordKind.CONFIG_POLICY));
        }
        return parts.mutations().run(target.namespace(), operation, new Mutations.Change<ConfigSetRetentionResponse>() {
            @Override
            public CompletableFuture<Mutations.Plan<ConfigSetRetentionResponse>> plan(long revision) {
                return CompletableFuture.completedFuture(Mutations.Plan.of(command));
            }

            @Override
            public ConfigSetRetentionResponse answer(CommandResult result) {
                return ConfigSetRetentionResponse.newBuilder()
                        .setHeader(parts.headers().at(result.getRevision()))
                        .build();
            }
        });
    }
}
