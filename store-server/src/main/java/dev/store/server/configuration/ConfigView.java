package dev.store.server.configuration;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.RecordKey;
import dev.store.raft.keyspace.RecordKind;
import dev.store.raft.v1.ConfigGrayRecord;
import dev.store.raft.v1.ConfigPolicyRecord;
import dev.store.raft.v1.ConfigRecord;
import dev.store.raft.v1.ConfigSchemaRecord;
import dev.store.server.records.RecordChange;
import dev.store.server.records.RecordView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * What is newest of all entries, their gray releases, schemas and retention: for reads, for checks before a publication,
 * and for subscribers. Old versions are in the keyspace only.
 *
 * <p>Contents are held up to a number of bytes; what does not fit is read from the keyspace when it is wanted.
 */
final class ConfigView implements RecordView {
    /** Most bytes of contents in memory. */
    static final long HELD_BYTES = 256L << 20;

    private static final Set<RecordKind> KINDS = Set.of(
            RecordKind.CONFIG,
            RecordKind.CONFIG_VERSION,
            RecordKind.CONFIG_GRAY,
            RecordKind.CONFIG_SCHEMA,
            RecordKind.CONFIG_POLICY);

    /** Is told what changed, on the thread of the feed, while the view is locked. */
    interface Listener {
        /** Entries that one revision changed. */
        void changed(long revision, List<EntryState> states);

        /** The view was loaded anew, and may have jumped. */
        void reloaded(long revision);
    }

    /** Everything of one moment, replaced as a whole when the view is loaded anew. */
    private static final class Shown {
        final NavigableMap<EntryName, EntryState> entries = new ConcurrentSkipListMap<>();
        final NavigableMap<EntryName, AttachedSchema> schemas = new ConcurrentSkipListMap<>();
        final NavigableMap<EntryName, ConfigPolicyRecord> policies = new ConcurrentSkipListMap<>();
        long heldBytes;
    }

    private final long maxHeldBytes;
    private final Listener listener;
    private volatile Shown shown = new Shown();
    private Shown loading = new Shown();
    private long revision;

    ConfigView(Listener listener) {
        this(listener, HELD_BYTES);
    }

    ConfigView(Listener listener, long maxHeldBytes) {
        this.listener = listener;
        this.maxHeldBytes = maxHeldBytes;
    }

    /** Where an entry stands; null if there never was one. */
    @Nullable
    EntryState entry(EntryName name) {
        return shown.entries.get(name);
    }

    /** The entries after one, in order, of all namespaces that follow. */
    NavigableMap<EntryName, EntryState> entriesAfter(EntryName after, boolean inclusive) {
        return shown.entries.tailMap(after, inclusive);
    }

    /** The schemas from a name on, in order. */
    NavigableMap<EntryName, AttachedSchema> schemasFrom(EntryName from) {
        return shown.schemas.tailMap(from, true);
    }

    @Nullable
    AttachedSchema schema(EntryName name) {
        return shown.schemas.get(name);
    }

    /** How long the versions of an entry are kept: its own rule, else that of its group, else null. */
    @Nullable
    ConfigPolicyRecord policy(EntryName name) {
        ConfigPolicyRecord own = shown.policies.get(name);
        return own != null ? own : shown.policies.get(name.wholeGroup());
    }

    /** Runs something while nothing changes, with the revision of the last change. Must be short. */
    synchronized void whileStill(java.util.function.LongConsumer action) {
        action.accept(revision);
    }

    long heldBytes() {
        return shown.heldBytes;
    }

    @Override
    public Set<RecordKind> kinds() {
        return KINDS;
    }

    @Override
    public void loading() {
        loading = new Shown();
    }

    @Override
    public void load(String namespace, RecordKind kind, ByteString key, KeyRecord present) {
        // Keys come in the order of kinds' letters: entries, then gray releases, then versions.
        switch (kind) {
            case CONFIG -> {
                EntryName name = EntryName.of(namespace, key);
                loading.entries.put(
                        name,
                        new EntryState(
                                name,
                                Stored.parse(name, present),
                                present.modRevision(),
                                null,
                                null,
                                null,
                                0,
                                null,
                                present.modRevision()));
            }
            case CONFIG_GRAY -> {
                EntryName name = EntryName.of(namespace, key);
                EntryState before = Objects.requireNonNull(loading.entries.get(name), "entry of a gray release");
                loading.entries.put(name, withGray(before, present, null, present.modRevision()));
            }
            case CONFIG_VERSION -> loadVersion(EntryName.of(namespace, key), RecordKey.number(key), present);
            case CONFIG_SCHEMA -> putSchema(loading, EntryName.of(namespace, key), present);
            case CONFIG_POLICY -> putPolicy(loading, EntryName.of(namespace, key), present);
            default -> {
                // Of another face.
            }
        }
    }

    private void loadVersion(EntryName name, long number, KeyRecord present) {
        EntryState state = Objects.requireNonNull(loading.entries.get(name), "entry of a version");
        boolean newest = state.record().getNewestVersion() == number;
        boolean gray = state.record().getGrayVersion() == number;
        if (newest || gray) {
            EntryVersion version = held(loading, EntryVersion.read(name, number, present));
            loading.entries.put(
                    name,
                    new EntryState(
                            name,
                            state.record(),
                            state.modRevision(),
                            newest ? version : state.newest(),
                            gray ? version : state.gray(),
                            state.grayRecord(),
                            state.grayModRevision(),
                            state.rule(),
                            state.revision()));
        }
    }

    @Override
    public synchronized void loaded(long at) {
        shown = loading;
        loading = new Shown();
        revision = at;
        listener.reloaded(at);
    }

    @Override
    public synchronized void apply(long at, List<RecordChange> changes) {
        Map<ByteString, RecordChange> versions = new HashMap<>();
        Set<EntryName> touched = new TreeSet<>();
        Map<EntryName, RecordChange> entries = new HashMap<>();
        Map<EntryName, RecordChange> grays = new HashMap<>();
        for (RecordChange change : changes) {
            EntryName name = EntryName.of(change.namespace(), change.key());
            switch (change.kind()) {
                case CONFIG -> {
                    entries.put(name, change);
                    touched.add(name);
                }
                case CONFIG_GRAY -> {
                    grays.put(name, change);
                    touched.add(name);
                }
                case CONFIG_VERSION -> {
                    if (change.current() != null) {
                        versions.put(change.key(), change);
                    }
                }
                case CONFIG_SCHEMA -> putSchema(shown, name, change.current());
                case CONFIG_POLICY -> putPolicy(shown, name, change.current());
                default -> {
                    // Of another face.
                }
            }
        }
        List<EntryState> states = new ArrayList<>(touched.size());
        for (EntryName name : touched) {
            EntryState after = changed(at, name, entries.get(name), grays.get(name), versions);
            account(shown.entries.put(name, after), after);
            states.add(after);
        }
        revision = at;
        if (!states.isEmpty()) {
            listener.changed(at, states);
        }
    }

    private EntryState changed(
            long at,
            EntryName name,
            @Nullable RecordChange entry,
            @Nullable RecordChange gray,
            Map<ByteString, RecordChange> versions) {
        EntryState before = shown.entries.get(name);
        ConfigRecord record;
        long modRevision;
        if (entry != null) {
            record = Stored.parse(name, Objects.requireNonNull(entry.current(), "an entry is never removed"));
            modRevision = at;
        } else {
            EntryState known = Objects.requireNonNull(before, "entry of a gray release");
            record = known.record();
            modRevision = known.modRevision();
        }
        EntryState after = new EntryState(
                name,
                record,
                modRevision,
                version(name, record.getNewestVersion(), before, versions),
                version(name, record.getGrayVersion(), before, versions),
                before == null ? null : before.grayRecord(),
                before == null ? 0 : before.grayModRevision(),
                before == null ? null : before.rule(),
                at);
        return gray == null ? after : withGray(after, gray.current(), after.gray(), at);
    }

    /** A version of a changed entry: it was written by the same revision, or is known from before. */
    private @Nullable EntryVersion version(
            EntryName name, long number, @Nullable EntryState before, Map<ByteString, RecordChange> versions) {
        if (number == 0) {
            return null;
        }
        RecordChange written = versions.get(name.versionKey(number));
        if (written != null) {
            return EntryVersion.read(name, number, Objects.requireNonNull(written.current()));
        }
        if (before != null && before.newest() != null && before.newest().number() == number) {
            return before.newest();
        }
        if (before != null && before.gray() != null && before.gray().number() == number) {
            return before.gray();
        }
        throw new IllegalStateException("version " + number + " of entry " + name + " was never written");
    }

    private static EntryState withGray(
            EntryState state, @Nullable KeyRecord row, @Nullable EntryVersion version, long revision) {
        ConfigGrayRecord gray = row == null ? null : Stored.parseGray(state.name(), row);
        return new EntryState(
                state.name(),
                state.record(),
                state.modRevision(),
                state.newest(),
                version,
                gray,
                row == null ? 0 : row.modRevision(),
                gray == null ? null : new GrayRule(state.name(), gray.getRule()),
                revision);
    }

    /** Decides for each changed entry whether its contents stay in memory. */
    private void account(@Nullable EntryState before, EntryState after) {
        long released = before == null ? 0 : bytes(before);
        long wanted = bytes(after);
        if (wanted > released && shown.heldBytes - released + wanted > maxHeldBytes) {
            EntryState slim = new EntryState(
                    after.name(),
                    after.record(),
                    after.modRevision(),
                    after.newest() == null ? null : after.newest().withoutContent(),
                    after.gray() == null ? null : after.gray().withoutContent(),
                    after.grayRecord(),
                    after.grayModRevision(),
                    after.rule(),
                    after.revision());
            shown.entries.put(after.name(), slim);
            wanted = bytes(slim);
        }
        shown.heldBytes += wanted - released;
    }

    private static long bytes(EntryState state) {
        return bytes(state.newest()) + bytes(state.gray());
    }

    private static long bytes(@Nullable EntryVersion version) {
        return version == null || !version.held() ? 0 : version.entry().getSizeBytes();
    }

    private EntryVersion held(Shown target, EntryVersion version) {
        if (target.heldBytes + version.entry().getSizeBytes() > maxHeldBytes) {
            return version.withoutContent();
        }
        target.heldBytes += version.entry().getSizeBytes();
        return version;
    }

    private static void putSchema(Shown target, EntryName name, @Nullable KeyRecord row) {
        if (row == null) {
            target.schemas.remove(name);
            return;
        }
        try {
            target.schemas.put(name, new AttachedSchema(name, ConfigSchemaRecord.parseFrom(row.value()), row));
        } catch (InvalidProtocolBufferException e) {
            throw Stored.broken(name, e);
        }
    }

    private static void putPolicy(Shown target, EntryName name, @Nullable KeyRecord row) {
        if (row == null) {
            target.policies.remove(name);
            return;
        }
        try {
            target.policies.put(name, ConfigPolicyRecord.parseFrom(row.value()));
        } catch (InvalidProtocolBufferException e) {
            throw Stored.broken(name, e);
        }
    }
}
