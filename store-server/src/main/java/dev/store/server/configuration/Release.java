package dev.store.server.configuration;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.store.api.v1.ConfigCause;
import dev.store.api.v1.ConfigDraft;
import dev.store.api.v1.ConfigEntry;
import dev.store.api.v1.ConfigOutcome;
import dev.store.api.v1.ConfigPublishResponse;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.TxnOpResult;
import dev.store.raft.keyspace.RecordKind;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.ConfigRecord;
import dev.store.server.records.RecordCommand;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The publication of entries as one transaction. */
final class Release implements Mutations.Change<ConfigPublishResponse> {
    /**
     * What is published.
     *
     * @param drafts the entries
     * @param cause how the versions come to be
     * @param fromVersion for a rollback, the version that the content comes from
     * @param author who, as the publisher says
     * @param comment why, as the publisher says
     * @param address where from
     * @param force make a version also where nothing changes
     */
    record Order(
            List<Item> drafts,
            ConfigCause cause,
            long fromVersion,
            String author,
            String comment,
            String address,
            boolean force) {}

    /** One entry to publish. */
    record Item(EntryName name, ConfigDraft draft) {}

    private final ConfigParts parts;
    private final String namespace;
    private final Order order;

    Release(ConfigParts parts, String namespace, Order order) {
        this.parts = parts;
        this.namespace = namespace;
        this.order = order;
    }

    @Override
    public CompletableFuture<Mutations.Plan<ConfigPublishResponse>> plan(long revision) {
        return parts.ages()
                .youngest(order.drafts.stream().map(Item::name).toList())
                .thenCompose(young -> {
                    boolean heavy = order.drafts.stream().anyMatch(item -> parts.judge()
                            .heavy(item.name, item.draft.getType(), item.draft.getContent()));
                    return heavy
                            ? parts.pool().submit(() -> plan(revision, young))
                            : CompletableFuture.completedFuture(plan(revision, young));
                });
    }

    private Mutations.Plan<ConfigPublishResponse> plan(long revision, Map<EntryName, Long> young) {
        RecordCommand command = RecordCommand.in(namespace);
        ConfigPublishResponse.Builder unchanged =
                ConfigPublishResponse.newBuilder().setHeader(parts.headers().at(revision));
        boolean changes = false;
        for (Item item : order.drafts) {
            EntryState state = parts.view().entry(item.name);
            ConfigEntry next = next(item, state);
            boolean differs = order.force || differs(state, next);
            Judge.demandUnchanged(command, item.name, state);
            if (differs) {
                changes = true;
                put(command, item.name, state, next, young.getOrDefault(item.name, 1L));
            }
            long before = state == null ? 0 : state.newestNumber();
            unchanged.addOutcomes(ConfigOutcome.newBuilder()
                    .setKey(item.name.toKey())
                    .setVersion(before)
                    .setPreviousVersion(before));
        }
        if (!changes) {
            return Mutations.Plan.unchanged(unchanged.build());
        }
        Judge.demandNoNewSchema(command, order.drafts.stream().map(Item::name).toList(), revision);
        order.drafts.forEach(item -> command.thenRead(item.name.key(RecordKind.CONFIG)));
        return Mutations.Plan.of(command);
    }

    private void put(RecordCommand command, EntryName name, @Nullable EntryState state, ConfigEntry next, long young) {
        long firstKept = parts.judge().firstKept(name, state, young, next.getVersion(), 0);
        command.putReturningPrevious(
                name.key(RecordKind.CONFIG),
                ConfigRecord.newBuilder()
                        .setLastVersion(next.getVersion())
                        .setNewestVersion(next.getVersion())
                        .setFirstKept(firstKept)
                        .build());
        command.put(name.versionKey(next.getVersion()), EntryVersion.record(next));
        Judge.forget(command, name, state, firstKept);
    }

    /** The version that would be made; fails if it must not be. */
    ConfigEntry next(Item item, @Nullable EntryState state) {
        ConfigDraft draft = item.draft;
        Judge.expect(item.name, state, draft.hasExpectedVersion() ? draft.getExpectedVersion() : null);
        Judge.noGray(item.name, state);
        return version(item, state, order);
    }

    /** The version that would be made of a draft; fails if its content must not be. */
    ConfigEntry version(Item item, @Nullable EntryState state, Order from) {
        ConfigDraft draft = item.draft;
        ConfigEntry.Builder next = ConfigEntry.newBuilder()
                .setVersion(state == null ? 1 : state.record().getLastVersion() + 1)
                .setType(draft.getType())
                .setContent(draft.getContent())
                .putAllLabels(draft.getLabelsMap())
                .setDescription(draft.getDescription())
                .setChecksum(sha256(draft.getContent()))
                .setSizeBytes(draft.getContent().size())
                .setCause(from.cause)
                .setFromVersion(from.fromVersion)
                .setAuthor(from.author)
                .setComment(from.comment)
                .setFromAddress(from.address);
        if (draft.getKeepMetadata() && state != null && state.newest() != null && state.exists()) {
            ConfigEntry kept = state.newest().entry();
            next.setType(kept.getType())
                    .clearLabels()
                    .putAllLabels(kept.getLabelsMap())
                    .setDescription(kept.getDescription());
        }
        parts.judge().content(item.name, next.getType(), draft.getContent());
        return next.build();
    }

    static boolean differs(@Nullable EntryState state, ConfigEntry next) {
        if (state == null || state.newest() == null || !state.exists()) {
            return true;
        }
        ConfigEntry present = state.newest().entry();
        return present.getType() != next.getType()
                || present.getSizeBytes() != next.getSizeBytes()
                || !present.getChecksum().equals(next.getChecksum())
                || !present.getLabelsMap().equals(next.getLabelsMap())
                || !present.getDescription().equals(next.getDescription());
    }

    @Override
    public ConfigPublishResponse answer(CommandResult result) {
        return ConfigPublishResponse.newBuilder()
                .setHeader(parts.headers().at(result.getRevision()))
                .addAllOutcomes(outcomes(result))
                .build();
    }

    /**
     * What a transaction did to the entries that it read at its end. Everything comes from the result, so that a kept one
     * can be read too.
     */
    static List<ConfigOutcome> outcomes(CommandResult result) {
        Map<ByteString, KeyValue> previous = new HashMap<>();
        List<ConfigOutcome> outcomes = new ArrayList<>();
        for (TxnOpResult op : result.getTxn().getResultsList()) {
            if (op.hasPut() && op.getPut().hasPrevious()) {
                previous.put(op.getPut().getPrevious().getKey(), op.getPut().getPrevious());
            } else if (op.hasRange()) {
                KeyValue entry = op.getRange().getEntries(0);
                EntryName name = EntryName.of("", entry.getKey());
                ConfigRecord after = parse(name, entry.getValue());
                boolean changed = entry.getModRevision() == result.getRevision();
                KeyValue old = previous.get(entry.getKey());
                ConfigRecord before = old == null ? ConfigRecord.getDefaultInstance() : parse(name, old.getValue());
                outcomes.add(ConfigOutcome.newBuilder()
                        .setKey(name.toKey())
                        .setVersion(after.getNewestVersion())
                        .setPreviousVersion(
                                !changed
                                        ? after.getNewestVersion()
                                        : before.getDeleted() ? 0 : before.getNewestVersion())
                        .setChanged(changed)
                        .build());
            }
        }
        return outcomes;
    }

    static ConfigRecord parse(EntryName name, ByteString value) {
        try {
            return ConfigRecord.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw Stored.broken(name, e);
        }
    }

    static ByteString sha256(ByteString content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            content.asReadOnlyByteBufferList().forEach(digest::update);
            return ByteString.copyFrom(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
