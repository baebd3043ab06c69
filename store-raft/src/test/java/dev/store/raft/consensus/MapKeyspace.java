package dev.store.raft.consensus;

import com.google.protobuf.ByteString;
import dev.store.api.v1.Range;
import dev.store.api.v1.RangeResult;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnResult;
import dev.store.raft.keyspace.AppliedListener;
import dev.store.raft.keyspace.History;
import dev.store.raft.keyspace.KeyEvent;
import dev.store.raft.keyspace.KeyRange;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.Keyspace;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.keyspace.LogPosition;
import dev.store.raft.keyspace.RevisionEvents;
import dev.store.raft.keyspace.ScopedKey;
import dev.store.raft.lease.LeaseState;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.Failure;
import dev.store.raft.v1.LogBatch;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * A keyspace in memory that understands puts, for tests of what lies around it. Like the real one it forgets at a crash
 * what was not flushed, and keeps its position with its data.
 */
final class MapKeyspace implements Keyspace {
    private static final int HASHES = 64;

    private final Path folder;
    private final AppliedListener listener;
    private final TreeMap<ByteString, KeyRecord> records =
            new TreeMap<>(Comparator.comparing(k -> k, ByteString.unsignedLexicographicalComparator()));
    private final ArrayDeque<IndexHash> hashes = new ArrayDeque<>();
    private LogPosition applied = LogPosition.NONE;
    private long revision;
    private long wallTimeMs;
    private long leaseTimeMs;
    private long hash;
    private boolean closed;
    private int skipped;
    private boolean broken;

    private MapKeyspace(Path folder, AppliedListener listener) {
        this.folder = folder;
        this.listener = listener;
    }

    static MapKeyspace open(Path folder, AppliedListener listener) {
        MapKeyspace keyspace = new MapKeyspace(folder, listener);
        try {
            Files.createDirectories(folder);
            Path file = folder.resolve("state");
            if (Files.exists(file)) {
                keyspace.load(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return keyspace;
    }

    /** Makes the next entry fail, as a full disk would. */
    synchronized void breakDown() {
        broken = true;
    }

    /** Makes this replica differ from the others. */
    synchronized void corrupt() {
        hash ^= 0x5555;
    }

    /** Entries that came again and were skipped. */
    synchronized int skipped() {
        return skipped;
    }

    @Override
    public synchronized List<CommandResult> apply(LogPosition position, LogBatch batch) {
        if (broken) {
            throw new IllegalStateException("broken by the test");
        }
        if (position.index() <= applied.index()) {
            skipped++;
            return List.of();
        }
        if (position.index() != applied.index() + 1) {
            throw new IllegalStateException("position: " + position + " (expected: after " + applied + ")");
        }
        wallTimeMs = Math.max(wallTimeMs, batch.getWallTimeMs());
        leaseTimeMs = Math.max(leaseTimeMs, batch.getLeaseTimeMs());
        List<CommandResult> results = new ArrayList<>();
        List<RevisionEvents> events = new ArrayList<>();
        for (Command command : batch.getCommandsList()) {
            if (!command.hasPut()) {
                results.add(CommandResult.newBuilder()
                        .setRevision(revision)
                        .setFailure(
                                Failure.newBuilder().setCode("KEY_NOT_FOUND").setMessage("no put"))
                        .build());
                continue;
            }
            revision++;
            ByteString key =
                    ScopedKey.of(command.getNamespace(), command.getPut().getKey());
            KeyRecord previous = records.get(key);
            KeyRecord record = new KeyRecord(
                    command.getPut().getValue(),
                    previous == null ? revision : previous.createRevision(),
                    revision,
                    previous == null ? 1 : previous.version() + 1,
                    0,
                    wallTimeMs,
                    wallTimeMs,
                    command.getPrincipal());
            records.put(key, record);
            hash = 31 * hash + key.hashCode() + 17L * record.value().hashCode();
            events.add(new RevisionEvents(
                    revision, List.of(new KeyEvent(key, revision, record, previous, wallTimeMs, ""))));
            results.add(CommandResult.newBuilder().setRevision(revision).build());
        }
        passed(position);
        listener.onApplied(events, revision, 0);
        return results;
    }

    @Override
    public synchronized void advance(LogPosition position) {
        if (position.index() > applied.index()) {
            passed(position);
        }
    }

    private void passed(LogPosition position) {
        applied = position;
        hashes.addLast(new IndexHash(position.index(), hash));
        if (hashes.size() > HASHES) {
            hashes.removeFirst();
        }
    }

    @Override
    public synchronized LogPosition applied() {
        return applied;
    }

    @Override
    public synchronized long revision() {
        return revision;
    }

    @Override
    public long compactRevision() {
        return 0;
    }

    @Override
    public synchronized long wallTimeMs() {
        return wallTimeMs;
    }

    @Override
    public synchronized long leaseTimeMs() {
        return leaseTimeMs;
    }

    @Override
    public synchronized KeyspaceView view() {
        if (closed) {
            throw new IllegalStateException("used after closing");
        }
        return new View(new TreeMap<>(records), revision);
    }

    @Override
    public History history() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<LeaseState> lease(long leaseId) {
        return Optional.empty();
    }

    @Override
    public List<LeaseState> leases() {
        return List.of();
    }

    @Override
    public List<ByteString> leaseKeys(long leaseId) {
        return List.of();
    }

    @Override
    public synchronized List<IndexHash> recentHashes() {
        return List.copyOf(hashes);
    }

    @Override
    public synchronized void checkpoint(Path target) {
        try {
            Files.createDirectory(target);
            save(target.resolve("state"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void flush() {
        try {
            save(folder.resolve("state"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public CompletableFuture<Void> awaitPhysicalCompaction(long throughRevision) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized KeyspaceFigures figures() {
        return new KeyspaceFigures(1, 1, records.size(), 0, hash);
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    private void save(Path file) throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            out.writeLong(applied.term());
            out.writeLong(applied.index());
            out.writeLong(revision);
            out.writeLong(wallTimeMs);
            out.writeLong(leaseTimeMs);
            out.writeLong(hash);
            out.writeInt(records.size());
            for (Map.Entry<ByteString, KeyRecord> entry : records.entrySet()) {
                write(out, entry.getKey());
                write(out, entry.getValue().value());
                out.writeLong(entry.getValue().createRevision());
                out.writeLong(entry.getValue().modRevision());
                out.writeLong(entry.getValue().version());
            }
        }
    }

    private void load(Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            applied = new LogPosition(in.readLong(), in.readLong());
            revision = in.readLong();
            wallTimeMs = in.readLong();
            leaseTimeMs = in.readLong();
            hash = in.readLong();
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                ByteString key = read(in);
                ByteString value = read(in);
                records.put(key, new KeyRecord(value, in.readLong(), in.readLong(), in.readLong(), 0, 0, 0, ""));
            }
        }
    }

    private static void write(DataOutputStream out, ByteString bytes) throws IOException {
        out.writeInt(bytes.size());
        bytes.writeTo(out);
    }

    private static ByteString read(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return ByteString.copyFrom(bytes);
    }

    private record View(TreeMap<ByteString, KeyRecord> records, long revision) implements KeyspaceView {
        @Override
        public long compactRevision() {
            return 0;
        }

        @Override
        public Optional<KeyRecord> get(ByteString scopedKey, long at) {
            return Optional.ofNullable(records.get(scopedKey));
        }

        @Override
        public RangeResult range(String namespace, Range range) {
            throw new UnsupportedOperationException();
        }

        @Override
        public TxnResult readOnlyTxn(String namespace, Txn txn) {
            throw new UnsupportedOperationException();
        }

        @Override
        public KeyCursor scan(KeyRange range, long at) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ContentHash hash(long at) {
            return new ContentHash(records.hashCode(), records.size());
        }

        @Override
        public void close() {}
    }
}
