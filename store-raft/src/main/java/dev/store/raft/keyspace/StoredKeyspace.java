package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import dev.store.raft.lease.LeaseObserver;
import dev.store.raft.lease.LeaseState;
import dev.store.raft.storage.OrderedStore;
import dev.store.raft.storage.WriteImage;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.LogBatch;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** The keyspace in an {@link OrderedStore}. */
public final class StoredKeyspace implements Keyspace {
    /** Format of the rows that this version writes; a newer one is refused. */
    private static final byte FORMAT = 1;

    /** Memory for records that were used last, where nothing else is said. */
    private static final long DEFAULT_CACHE_BYTES = 32L << 20;

    private final OrderedStore store;
    private final NewestRecords newest;
    private final AppliedListener listener;
    private final LeaseObserver leaseObserver;
    private final LeaseTable leases;
    private final SessionTable sessions;
    private final StoredHistory history;
    private final PhysicalCompactor compactor;
    private final RecentHashes hashes;
    private final CountedKeys counted;
    private final WriteImage image = new WriteImage();
    /** What readers may know of; changed by the apply thread after the storage has it. */
    private volatile MetaState published;
    /** Odd while an entry is written to the storage and not published yet; changed by the apply thread only. */
    private volatile long writes;

    private StoredKeyspace(OrderedStore store, Observers observers, long cacheBytes) {
        this.store = store;
        this.newest = new NewestRecords(store.latest(), cacheBytes);
        this.listener = observers.applied;
        this.leaseObserver = observers.leases;
        byte[] meta = store.latest().get(Rows.META_STATE);
        this.published = meta == null ? MetaState.EMPTY : MetaState.decode(meta);
        this.leases = LeaseTable.load(store.latest());
        this.sessions = SessionTable.load(store.latest());
        this.history = new StoredHistory(store, () -> published);
        this.compactor = new PhysicalCompactor(store, observers.background, observers.onFailure);
        this.hashes = new RecentHashes();
        hashes.add(published.applied().index(), published.hash());
        this.counted = new CountedKeys(store, observers.background);
        compactor.compactTo(published.compactRevision());
    }

    /**
     * Who is told what, and who does the work in the background.
     *
     * @param applied is told of every change
     * @param leases is told of every change of a lease
     * @param background removes forgotten history
     * @param onFailure is told when that fails; the process must then stop
     */
    public record Observers(
            AppliedListener applied, LeaseObserver leases, Executor background, Consumer<Throwable> onFailure) {}

    /**
     * Opens the keyspace in a store, which it closes when it is closed.
     *
     * @throws IllegalStateException if the rows were written by a newer version
     */
    public static StoredKeyspace open(OrderedStore store, Observers observers) {
        return open(store, observers, DEFAULT_CACHE_BYTES);
    }

    /**
     * Opens the keyspace in a store, which it closes when it is closed.
     *
     * @param cacheBytes memory for records that were used last
     * @throws IllegalStateException if the rows were written by a newer version
     */
    public static StoredKeyspace open(OrderedStore store, Observers observers, long cacheBytes) {
        byte[] format = store.latest().get(Rows.META_FORMAT);
        if (format == null) {
            WriteImage first = new WriteImage();
            first.put(Rows.META_FORMAT, new byte[] {FORMAT});
            store.write(first);
        } else if (format[0] > FORMAT) {
            throw new IllegalStateException("data format: " + format[0] + " (expected: at most " + FORMAT
                    + "; the data was written by a newer version of Store)");
        }
        return new StoredKeyspace(store, observers, cacheBytes);
    }

    @Override
    public List<CommandResult> apply(LogPosition position, LogBatch batch) {
        MetaState before = published;
        if (position.index() <= before.applied().index()) {
            return List.of();
        }
        image.clear();
        boolean stampedInTerm = BatchApplier.isOfTerm(batch.getLeaseTerm(), position);
        MetaState stamped = new MetaState(
                position,
                before.revision(),
                before.compactRevision(),
                Math.max(before.wallTimeMs(), batch.getWallTimeMs()),
                stampedInTerm ? Math.max(before.leaseTimeMs(), batch.getLeaseTimeMs()) : before.leaseTimeMs(),
                before.hash());
        BatchApplier applier =
                new BatchApplier(stamped, stampedInTerm, store.latest(), newest, leases, sessions, image);
        List<CommandResult> results = applier.apply(batch.getCommandsList());
        // The hash covers the very rows that are written, so whatever makes two replicas differ shows in it.
        long hash = Hashes.mix(Hashes.mix(before.hash(), position.index()), image.checksum());
        MetaState after = new MetaState(
                position,
                applier.revision(),
                applier.compactRevision(),
                stamped.wallTimeMs(),
                stamped.leaseTimeMs(),
                hash);
        image.put(Rows.META_STATE, after.encode());
        beginWrite();
        store.write(image);
        newest.written(applier.revisions());
        counted.applied(position.index(), applier.revisions());
        published = after;
        endWrite();
        announce(after, applier);
        return results;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only the apply thread writes it
    private void beginWrite() {
        writes++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only the apply thread writes it
    private void endWrite() {
        writes++;
    }

    private void announce(MetaState after, BatchApplier applier) {
        hashes.add(after.applied().index(), after.hash());
        listener.onApplied(applier.revisions(), after.revision(), after.compactRevision());
        for (long id : applier.leaseCommands().changed()) {
            LeaseState lease = leases.get(id);
            if (lease != null) {
                leaseObserver.changed(lease);
            }
        }
        applier.leaseCommands().ended().forEach(leaseObserver::ended);
        compactor.compactTo(after.compactRevision());
    }

    @Override
    public void advance(LogPosition position) {
        if (position.index() > published.applied().index()) {
            MetaState after = published.withApplied(position);
            image.clear();
            image.put(Rows.META_STATE, after.encode());
            store.write(image);
            counted.applied(position.index(), List.of());
            published = after;
            hashes.add(position.index(), after.hash());
        }
    }

    @Override
    public LogPosition applied() {
        return published.applied();
    }

    @Override
    public long revision() {
        return published.revision();
    }

    @Override
    public long compactRevision() {
        return published.compactRevision();
    }

    @Override
    public long wallTimeMs() {
        return published.wallTimeMs();
    }

    @Override
    public long leaseTimeMs() {
        return published.leaseTimeMs();
    }

    @Override
    public KeyspaceView view() {
        return new StoredView(store.snapshot(), counted);
    }

    /**
     * Without pinning anything. The revision is read first and the record after it, so the record is at least as new as
     * the revision. If it was changed at or before that revision, then it was not changed between it and the moment of
     * reading: it is the record at that revision. A record that is not there says nothing of when it went, so then no
     * entry must have been written meanwhile. Where neither holds a view decides, and also while an entry is being
     * written: views may show it already, and who saw it in one must not be shown an older revision here.
     */
    @Override
    public Newest newest(ByteString scopedKey) {
        long before = writes;
        long revision = published.revision();
        if ((before & 1) != 0) {
            return Keyspace.super.newest(scopedKey);
        }
        KeyRecord found = newest.get(scopedKey);
        boolean shown = found != null ? found.modRevision() <= revision : writes == before;
        return shown ? new Newest(revision, found) : Keyspace.super.newest(scopedKey);
    }

    @Override
    public History history() {
        return history;
    }

    @Override
    public Optional<LeaseState> lease(long leaseId) {
        return Optional.ofNullable(leases.get(leaseId));
    }

    @Override
    public List<LeaseState> leases() {
        return leases.all();
    }

    @Override
    public List<ByteString> leaseKeys(long leaseId) {
        return LeaseTable.keys(store.latest(), leaseId);
    }

    @Override
    public List<IndexHash> recentHashes() {
        return hashes.all();
    }

    @Override
    public CompletableFuture<Void> awaitPhysicalCompaction(long revision) {
        return compactor.await(revision);
    }

    @Override
    public void checkpoint(Path folder) {
        store.checkpoint(folder);
    }

    @Override
    public void flush() {
        store.flush();
    }

    @Override
    public KeyspaceFigures figures() {
        OrderedStore.Figures figures = store.figures();
        return new KeyspaceFigures(
                figures.diskBytes(), figures.liveBytes(), figures.estimatedRows(), compactor.done(), published.hash());
    }

    @Override
    public void close() {
        compactor.stop();
        store.close();
    }
}
