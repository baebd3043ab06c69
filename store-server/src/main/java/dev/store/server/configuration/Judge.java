package dev.store.server.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.ConfigType;
import dev.store.raft.keyspace.RecordKind;
import dev.store.raft.v1.ConfigPolicyRecord;
import dev.store.server.records.RecordCommand;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What must hold before a version of an entry is made, and which old ones go with it. */
final class Judge {
    /** Versions that one change of an entry removes at most, so that it stays small after retention was shortened. */
    private static final int MAX_FORGOTTEN = 100;

    private final ConfigView view;

    Judge(ConfigView view) {
        this.view = view;
    }

    /** Refuses another newest version than the expected one; null expects any. */
    static void expect(EntryName name, @Nullable EntryState state, @Nullable Long expected) {
        long actual = state == null ? 0 : state.newestNumber();
        if (expected != null && expected != actual) {
            throw new StoreException(
                    ErrorCode.VERSION_CONFLICT,
                    "version of " + name + ": " + (actual == 0 ? "0, the entry does not exist" : actual)
                            + " (expected: " + expected + ")",
                    Map.of(
                            "entry", name.toString(),
                            "expected", String.valueOf(expected),
                            "actual", String.valueOf(actual)),
                    null);
        }
    }

    /** Refuses a change of the newest version while a gray release is under way. */
    static void noGray(EntryName name, @Nullable EntryState state) {
        if (state != null && state.record().getGrayVersion() != 0) {
            throw new StoreException(
                    ErrorCode.GRAY_ACTIVE,
                    "entry: " + name + " has a gray release, version "
                            + state.record().getGrayVersion() + " (expected: none; promote or abort it first)",
                    Map.of("gray_version", String.valueOf(state.record().getGrayVersion())),
                    null);
        }
    }

    /** Whether checking a content may take longer than an event loop should be held up. */
    boolean heavy(EntryName name, ConfigType type, ByteString content) {
        return (type != ConfigType.CONFIG_TYPE_TEXT && content.size() > 8 * 1024)
                || view.schema(name) != null
                || view.schema(name.wholeGroup()) != null;
    }

    /** Refuses content that is not well-formed, or that a schema forbids. */
    void content(EntryName name, ConfigType type, ByteString content) {
        AttachedSchema own = view.schema(name);
        AttachedSchema group = view.schema(name.wholeGroup());
        if (own == null && group == null) {
            Content.check(name, type, content);
            return;
        }
        JsonNode tree = Content.tree(name, type, content);
        if (tree == null) {
            throw new StoreException(
                    ErrorCode.SCHEMA_VIOLATED,
                    "type of " + name + ": " + Content.typeName(type)
                            + " (expected: json, yaml of one document, toml or properties, for it has a schema)",
                    Map.of("path", "", "reason", "type " + Content.typeName(type)),
                    null);
        }
        for (AttachedSchema schema : new AttachedSchema[] {group, own}) {
            if (schema != null) {
                schema.check(name, tree);
            }
        }
    }

    /** Demands that no schema was attached since a revision that could forbid what was checked. */
    static void demandNoNewSchema(RecordCommand command, Iterable<EntryName> names, long revision) {
        Set<EntryName> groups = new TreeSet<>();
        names.forEach(name -> groups.add(name.wholeGroup()));
        groups.forEach(group -> command.whenNonePutAfter(group.groupPrefix(RecordKind.CONFIG_SCHEMA), revision));
    }

    /** Demands that an entry is as the state says. */
    static void demandUnchanged(RecordCommand command, EntryName name, @Nullable EntryState state) {
        command.whenModifiedAt(name.key(RecordKind.CONFIG), state == null ? 0 : state.modRevision());
    }

    /**
     * The first version to keep when another one is made.
     *
     * @param youngEnough first version that is young enough, 1 if all are
     * @param next number of the version to be made
     * @param spare a version that stays in any case; 0 if there is none
     */
    long firstKept(EntryName name, @Nullable EntryState state, long youngEnough, long next, long spare) {
        ConfigPolicyRecord policy = view.policy(name);
        int versions = policy == null || policy.getMaxVersions() == 0
                ? Limits.CONFIG_VERSIONS_DEFAULT
                : policy.getMaxVersions();
        long before = state == null ? 1 : Math.max(1, state.record().getFirstKept());
        long first = Math.max(next - versions + 1, youngEnough);
        first = Math.min(first, Math.min(next, before + MAX_FORGOTTEN));
        if (spare > 0) {
            first = Math.min(first, spare);
        }
        return Math.max(before, first);
    }

    /** Removes the versions that are no longer kept. */
    static void forget(RecordCommand command, EntryName name, @Nullable EntryState state, long firstKept) {
        long before = state == null ? 1 : Math.max(1, state.record().getFirstKept());
        if (firstKept > before) {
            command.deleteBetween(name.versionKey(before), name.versionKey(firstKept));
        }
    }
}
