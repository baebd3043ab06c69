package dev.store.server.configuration;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.ConfigCause;
import dev.store.api.v1.ConfigEndGrayRequest;
import dev.store.api.v1.ConfigEntry;
import dev.store.api.v1.ConfigGrayResponse;
import dev.store.api.v1.ConfigGrayRule;
import dev.store.api.v1.ConfigStartGrayRequest;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import dev.store.api.v1.TxnOpResult;
import dev.store.raft.keyspace.RecordKind;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.ConfigGrayRecord;
import dev.store.raft.v1.ConfigRecord;
import dev.store.server.records.RecordCommand;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Gray releases: begun or changed, promoted, aborted. */
final class GrayChanges {
    private final ConfigParts parts;

    GrayChanges(ConfigParts parts) {
        this.parts = parts;
    }

    /** What all three share: one entry, and an answer that can be read from the result. */
    private abstract class Change implements Mutations.Change<ConfigGrayResponse> {
        final EntryName name;
        final boolean endsGray;

        Change(EntryName name, boolean endsGray) {
            this.name = name;
            this.endsGray = endsGray;
        }

        @Override
        public ConfigGrayResponse answer(CommandResult result) {
            ConfigRecord before = ConfigRecord.getDefaultInstance();
            ConfigRecord after = ConfigRecord.getDefaultInstance();
            for (TxnOpResult op : result.getTxn().getResultsList()) {
                if (op.hasPut() && op.getPut().hasPrevious()) {
                    before = Release.parse(name, op.getPut().getPrevious().getValue());
                } else if (op.hasRange()) {
                    KeyValue entry = op.getRange().getEntries(0);
                    after = Release.parse(name, entry.getValue());
                }
            }
            return ConfigGrayResponse.newBuilder()
                    .setHeader(parts.headers().at(result.getRevision()))
                    .setVersion(endsGray ? before.getGrayVersion() : after.getGrayVersion())
                    .setNewestVersion(after.getDeleted() ? 0 : after.getNewestVersion())
                    .build();
        }
    }

    /** Begins a gray release, or changes the content or the rule of the one under way. */
    Mutations.Change<ConfigGrayResponse> start(EntryName name, ConfigStartGrayRequest request, String address) {
        return new Change(name, false) {
            @Override
            public CompletableFuture<Mutations.Plan<ConfigGrayResponse>> plan(long revision) {
                return parts.pool().submit(() -> {
                    EntryState state = parts.view().entry(name);
                    RecordCommand command = RecordCommand.in(name.namespace());
                    Judge.demandUnchanged(command, name, state);
                    command.whenModifiedAt(
                            name.key(RecordKind.CONFIG_GRAY), state == null ? 0 : state.grayModRevision());
                    ConfigGrayRule rule = rule(name, state, request);
                    long number = request.hasDraft()
                            ? putVersion(command, revision, name, state, request, address)
                            : keepVersion(command, name, state);
                    command.put(
                            name.key(RecordKind.CONFIG_GRAY),
                            ConfigGrayRecord.newBuilder()
                                    .setVersion(number)
                                    .setRule(rule)
                                    .setAuthor(request.getAuthor())
                                    .setComment(request.getComment())
                                    .build());
                    command.thenRead(name.key(RecordKind.CONFIG));
                    return Mutations.Plan.of(command);
                });
            }
        };
    }

    private static ConfigGrayRule rule(EntryName name, @Nullable EntryState state, ConfigStartGrayRequest request) {
        if (request.hasRule()) {
            return request.getRule();
        }
        if (state == null || state.grayRecord() == null) {
            throw none(name);
        }
        return state.grayRecord().getRule();
    }

    private long putVersion(
            RecordCommand command,
            long revision,
            EntryName name,
            @Nullable EntryState state,
            ConfigStartGrayRequest request,
            String address) {
        Release.Item item = new Release.Item(name, request.getDraft());
        Release.Order order = new Release.Order(
                List.of(item),
                ConfigCause.CONFIG_CAUSE_GRAY,
                0,
                request.getAuthor(),
                request.getComment(),
                address,
                true);
        Judge.expect(
                name,
                state,
                request.getDraft().hasExpectedVersion() ? request.getDraft().getExpectedVersion() : null);
        ConfigEntry next = new Release(parts, name.namespace(), order)
                .version(item, state, order).toBuilder().setGray(true).build();
        long newest = state == null ? 0 : state.record().getNewestVersion();
        long firstKept = parts.judge().firstKept(name, state, 1, next.getVersion(), newest);
        command.putReturningPrevious(
                name.key(RecordKind.CONFIG),
                ConfigRecord.newBuilder()
                        .setLastVersion(next.getVersion())
                        .setNewestVersion(newest)
                        .setDeleted(state != null && state.record().getDeleted())
                        .setGrayVersion(next.getVersion())
                        .setFirstKept(firstKept)
                        .build());
        command.put(name.versionKey(next.getVersion()), EntryVersion.record(next));
        Judge.forget(command, name, state, firstKept);
        Judge.demandNoNewSchema(command, List.of(name), revision);
        return next.getVersion();
    }

    private static long keepVersion(RecordCommand command, EntryName name, @Nullable EntryState state) {
        if (state == null || state.record().getGrayVersion() == 0) {
            throw none(name);
        }
        // Also put when only the rule changes, so that whoever plans a change of the entry sees that something
        // happened.
        command.putReturningPrevious(name.key(RecordKind.CONFIG), state.record());
        return state.record().getGrayVersion();
    }

    /** Makes the gray version the newest one. */
    Mutations.Change<ConfigGrayResponse> promote(EntryName name, ConfigEndGrayRequest request) {
        return new Change(name, true) {
            @Override
            public CompletableFuture<Mutations.Plan<ConfigGrayResponse>> plan(long revision) {
                EntryState state = underWay(name, request);
                return content(state).thenApply(version -> {
                    parts.judge().content(name, version.getType(), version.getContent());
                    RecordCommand command = RecordCommand.in(name.namespace());
                    Judge.demandUnchanged(command, name, state);
                    Judge.demandNoNewSchema(command, List.of(name), revision);
                    command.putReturningPrevious(
                            name.key(RecordKind.CONFIG),
                            state.record().toBuilder()
                                    .setNewestVersion(version.getVersion())
                                    .setDeleted(false)
                                    .clearGrayVersion()
                                    .build());
                    command.put(
                            name.versionKey(version.getVersion()),
                            EntryVersion.record(
                                    version.toBuilder().setGray(false).build()));
                    command.delete(name.key(RecordKind.CONFIG_GRAY));
                    command.thenRead(name.key(RecordKind.CONFIG));
                    return Mutations.Plan.of(command);
                });
            }
        };
    }

    /** Ends a gray release; its version stays in the history, as one that was gray. */
    Mutations.Change<ConfigGrayResponse> abort(EntryName name, ConfigEndGrayRequest request) {
        return new Change(name, true) {
            @Override
            public CompletableFuture<Mutations.Plan<ConfigGrayResponse>> plan(long revision) {
                EntryState state = underWay(name, request);
                RecordCommand command = RecordCommand.in(name.namespace());
                Judge.demandUnchanged(command, name, state);
                command.putReturningPrevious(
                        name.key(RecordKind.CONFIG),
                        state.record().toBuilder().clearGrayVersion().build());
                command.delete(name.key(RecordKind.CONFIG_GRAY));
                command.thenRead(name.key(RecordKind.CONFIG));
                return CompletableFuture.completedFuture(Mutations.Plan.of(command));
            }
        };
    }

    private EntryState underWay(EntryName name, ConfigEndGrayRequest request) {
        EntryState state = parts.view().entry(name);
        if (state == null || state.record().getGrayVersion() == 0) {
            throw none(name);
        }
        long actual = state.record().getGrayVersion();
        if (request.hasExpectedVersion() && request.getExpectedVersion() != actual) {
            throw new StoreException(
                    ErrorCode.VERSION_CONFLICT,
                    "gray version of " + name + ": " + actual + " (expected: " + request.getExpectedVersion() + ")",
                    Map.of(
                            "entry", name.toString(),
                            "expected", String.valueOf(request.getExpectedVersion()),
                            "actual", String.valueOf(actual)),
                    null);
        }
        return state;
    }

    /** The gray version with its content, from wherever it is. */
    private CompletableFuture<ConfigEntry> content(EntryState state) {
        EntryVersion gray = state.gray();
        if (gray != null && gray.held()) {
            return CompletableFuture.completedFuture(gray.entry());
        }
        ReadOptions local = ReadOptions.newBuilder()
                .setConsistency(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE)
                .setAtLeastRevision(state.revision())
                .build();
        return parts.records().reads().large(local, view -> new Stored(view)
                .version(state.name(), state.record().getGrayVersion()));
    }

    private static StoreException none(EntryName name) {
        return new StoreException(
                ErrorCode.GRAY_NOT_FOUND, "entry: " + name + " has no gray release (expected: one under way)");
    }
}
