package dev.store.raft.consensus;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.SnapshotRetentionPolicy;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.impl.FileListSnapshotInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of a member: {@code <data>/snapshots/<term>_<index>/}, each a checkpoint of the keyspace that nobody ever
 * opens for writing, because Ratis may be sending its files.
 *
 * <p>Installing a snapshot, Ratis replaces the whole folder {@code snapshots}, so nothing else lives in it. A snapshot
 * counts once it holds a file {@value SnapshotFiles#COMPLETE}, written after all others are on disk; one that Ratis installed gets it
 * in {@link #adoptInstalled()}. From {@link #handOver()} until then the folder is left to Ratis, whose thread that installs
 * is another one than that which takes snapshots.
 */
final class SnapshotStore implements StateMachineStorage {
    /** Newest snapshots kept; more than one, because an older one may still be on its way to a follower. */
    static final int KEPT = 2;

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotStore.class);
    private static final Pattern NAME = Pattern.compile("(\\d+)_(\\d+)");
    /** A snapshot younger than this is not deleted: it may be on its way to a follower. */
    private static final long MIN_AGE_MS = 10 * 60 * 1_000L;
    /** Only the keyspace can tell the revision of a snapshot that was installed. */
    private static final long UNKNOWN_REVISION = -1;
    /** But no more than this many are kept for that reason. */
    private static final int MOST = 6;

    private final Path folder;
    private final Path work;
    private final Object changing = new Object();
    private volatile @Nullable Snapshot latest;

    /** Guarded by {@link #changing}. */
    private boolean handedOver;

    SnapshotStore(Path dataFolder) {
        this.folder = dataFolder.resolve("snapshots");
        this.work = dataFolder.resolve("snapshots-tmp");
    }

    /** One snapshot. */
    record Snapshot(Path folder, TermIndex position, long revision, SnapshotInfo info, long bytes, long takenAtMs) {}

    /** Makes the folders, throws away what was left half done, and finds the newest snapshot. */
    void open() throws IOException {
        for (Path entry : Folders.list(parent(folder))) {
            // Left by Ratis when the process died while it replaced the folder.
            if (entry.getFileName().toString().startsWith(folder.getFileName() + ".tmp")) {
                Folders.delete(entry);
            }
        }
        Folders.delete(work);
        Files.createDirectories(work);
        Files.createDirectories(folder);
        adoptInstalled();
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("data folder: " + path + " (expected: not the root)");
        }
        return parent;
    }

    /**
     * Makes what Ratis installed durable (it never forces these files to disk) and known; throws away what is not whole.
     */
    void adoptInstalled() throws IOException {
        synchronized (changing) {
            handedOver = false;
        }
        for (Path entry : Folders.list(folder)) {
            if (!NAME.matcher(entry.getFileName().toString()).matches()) {
                continue;
            }
            if (!Files.exists(entry.resolve(SnapshotFiles.COMPLETE))) {
                if (!InstalledFiles.intact(entry)) {
                    LOG.warn("snapshot {}: not whole, deleted", entry);
                    Folders.delete(entry);
                    continue;
                }
                complete(entry, UNKNOWN_REVISION);
            }
        }
        refresh();
    }

    /** Where a new checkpoint is to be made: a path that does not exist yet, on the same file system. */
    Path newCheckpointFolder(TermIndex position) throws IOException {
        Path target = work.resolve("checkpoint-" + position.getTerm() + "_" + position.getIndex());
        Folders.delete(target);
        return target;
    }

    /**
     * Makes a finished checkpoint the newest snapshot.
     *
     * @return false if the folder was handed over, which is to bring a newer one: the checkpoint is deleted
     */
    boolean publish(Path checkpoint, TermIndex position, long revision) throws IOException {
        complete(checkpoint, revision);
        synchronized (changing) {
            if (handedOver) {
                Folders.delete(checkpoint);
                return false;
            }
            Path target = folder.resolve(position.getTerm() + "_" + position.getIndex());
            Folders.delete(target);
            Files.move(checkpoint, target, StandardCopyOption.ATOMIC_MOVE);
            Folders.syncOne(folder);
            refresh();
            return true;
        }
    }

    /** Leaves the folder to Ratis, which is about to replace it; waits for the end of what is being done in it. */
    void handOver() {
        synchronized (changing) {
            handedOver = true;
        }
    }

    /** Notes the revision of the newest snapshot, which the keyspace made from it knows. */
    void noteRevision(long revision) throws IOException {
        Snapshot newest = latest;
        if (newest != null && newest.revision() == UNKNOWN_REVISION) {
            complete(newest.folder(), revision);
            refresh();
        }
    }

    /** The newest snapshot. Asked for each append request: a field. */
    @Nullable
    Snapshot latest() {
        return latest;
    }

    private static void complete(Path snapshot, long revision) throws IOException {
        Folders.sync(snapshot);
        Folders.writeAtomically(
                snapshot.resolve(SnapshotFiles.COMPLETE), (revision + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void refresh() throws IOException {
        List<Snapshot> all = all();
        latest = all.isEmpty() ? null : all.get(0);
    }

    /** Complete snapshots, the newest first. */
    private List<Snapshot> all() throws IOException {
        List<Snapshot> all = new ArrayList<>();
        for (Path entry : Folders.list(folder)) {
            Matcher name = NAME.matcher(entry.getFileName().toString());
            if (name.matches() && Files.exists(entry.resolve(SnapshotFiles.COMPLETE))) {
                all.add(read(entry, TermIndex.valueOf(Long.parseLong(name.group(1)), Long.parseLong(name.group(2)))));
            }
        }
        all.sort(Comparator.comparing((Snapshot s) -> s.position().getIndex()).reversed());
        return all;
    }

    private static Snapshot read(Path entry, TermIndex position) throws IOException {
        List<FileInfo> files = new ArrayList<>();
        long bytes = 0;
        for (Path file : Folders.files(entry)) {
            if (SnapshotFiles.isState(file)) {
                FileInfo info = new FileInfo(file, null);
                files.add(info);
                bytes += info.getFileSize();
            }
        }
        Path marker = entry.resolve(SnapshotFiles.COMPLETE);
        long takenAt = Files.getLastModifiedTime(marker).toMillis();
        long revision = Long.parseLong(Files.readString(marker).strip());
        return new Snapshot(entry, position, revision, new FileListSnapshotInfo(files, position), bytes, takenAt);
    }

    @Override
    public void init(RaftStorage raftStorage) {}

    @Override
    public @Nullable SnapshotInfo getLatestSnapshot() {
        Snapshot newest = latest;
        return newest == null ? null : newest.info();
    }

    @Override
    public void format() {}

    @Override
    public void cleanupOldSnapshots(SnapshotRetentionPolicy policy) throws IOException {
        synchronized (changing) {
            if (!handedOver) {
                deleteOld();
            }
        }
    }

    private void deleteOld() throws IOException {
        List<Snapshot> all = all();
        long now = System.currentTimeMillis();
        for (int i = KEPT; i < all.size(); i++) {
            if (i >= MOST || now - all.get(i).takenAtMs() > MIN_AGE_MS) {
                Folders.delete(all.get(i).folder());
            }
        }
    }

    @Override
    public File getSnapshotDir() {
        return folder.toFile();
    }

    @Override
    public File getTmpDir() {
        return work.toFile();
    }
}
