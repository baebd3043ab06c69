package dev.store.server.configuration;

import dev.store.api.v1.ConfigCause;
import dev.store.api.v1.ConfigDeleteResponse;
import dev.store.api.v1.ConfigDeletion;
import dev.store.api.v1.ConfigEntry;
import dev.store.raft.keyspace.RecordKind;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.ConfigRecord;
import dev.store.server.records.RecordCommand;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The deletion of entries: a last version without content, so that numbers go on and the history says who did it. */
final class Deletion implements Mutations.Change<ConfigDeleteResponse> {
    /** One entry to delete. */
    record Item(EntryName name, ConfigDeletion wanted) {}

    private final ConfigParts parts;
    private final String namespace;
    private final List<Item> items;
    private final ConfigEntry words;

    /**
     * @param words holds who, why and where from
     */
    Deletion(ConfigParts parts, String namespace, List<Item> items, ConfigEntry words) {
        this.parts = parts;
        this.namespace = namespace;
        this.items = items;
        this.words = words;
    }

    @Override
    public CompletableFuture<Mutations.Plan<ConfigDeleteResponse>> plan(long revision) {
        RecordCommand command = RecordCommand.in(namespace);
        for (Item item : items) {
            EntryState state = parts.view().entry(item.name);
            if (state == null || (!state.exists() && state.gray() == null)) {
                throw Stored.notFound(item.name);
            }
            Judge.noGray(item.name, state);
            Judge.expect(item.name, state, item.wanted.hasExpectedVersion() ? item.wanted.getExpectedVersion() : null);
            long number = state.record().getLastVersion() + 1;
            long firstKept = parts.judge().firstKept(item.name, state, 1, number, 0);
            Judge.demandUnchanged(command, item.name, state);
            command.putReturningPrevious(
                    item.name.key(RecordKind.CONFIG),
                    ConfigRecord.newBuilder()
                            .setLastVersion(number)
                            .setNewestVersion(number)
                            .setDeleted(true)
                            .setFirstKept(firstKept)
                            .build());
            command.put(
                    item.name.versionKey(number),
                    EntryVersion.record(words.toBuilder()
                            .setCause(ConfigCause.CONFIG_CAUSE_DELETE)
                            .build()));
            Judge.forget(command, item.name, state, firstKept);
        }
        items.forEach(item -> command.thenRead(item.name.key(RecordKind.CONFIG)));
        return CompletableFuture.completedFuture(Mutations.Plan.of(command));
    }

    @Override
    public ConfigDeleteResponse answer(CommandResult result) {
        return ConfigDeleteResponse.newBuilder()
                .setHeader(parts.headers().at(result.getRevision()))
                .addAllOutcomes(Release.outcomes(result))
                .build();
    }
}
