package dev.store.raft.consensus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Makes a data folder for a member of a new cluster from a snapshot file. Every initial member of the new cluster is made
 * from the same file.
 *
 * <p>The state becomes a Ratis snapshot at its old index but in the first term: at its old term it would look newer than
 * entries of the new cluster. (Term 0 would do as well, were it not for Ratis, which takes a member whose last term is 0
 * for an emptied one and does not count its vote.) Members that join later get it like any snapshot.
 */
public final class SnapshotRestore {
    private static final int FIRST_TERM = 1;

    private SnapshotRestore() {}

    /**
     * What was restored.
     *
     * @param index log index at which the new cluster goes on
     * @param revision revision of the state
     * @param fromGroup group that the snapshot was taken from
     */
    public record Restored(long index, long revision, String fromGroup) {}

    /**
     * Restores.
     *
     * @param file a file that {@code Replica.writeSnapshot} made
     * @param member name of the member whose folder it becomes
     * @param groupId id of the new cluster; must not be the one of the old cluster
     * @param dataFolder must be empty or not exist
     * @throws ReplicaException if the file is damaged or the folder cannot be used; nothing usable is then left behind
     */
    public static Restored restore(Path file, String member, UUID groupId, Path dataFolder, Clock clock) {
        Path folder = dataFolder.toAbsolutePath().normalize();
        try {
            if (!Folders.list(folder).isEmpty()) {
                throw new ReplicaException("data folder " + folder + ": not empty (expected: an empty or new folder)");
            }
            Files.createDirectories(folder);
            try (ZipFile zip = new ZipFile(file.toFile())) {
                return extract(zip, member, groupId, folder, clock);
            } catch (ZipException e) {
                throw new ReplicaException(
                        "snapshot " + file + ": not a snapshot file, or cut short: " + e.getMessage(), e);
            } catch (IOException | RuntimeException e) {
                Folders.delete(folder);
                throw e;
            }
        } catch (IOException e) {
            throw new ReplicaException("snapshot " + file + ": cannot be restored to " + folder + ": " + e, e);
        }
    }

    private static Restored extract(ZipFile zip, String member, UUID groupId, Path folder, Clock clock)
            throws IOException {
        SnapshotManifest manifest = SnapshotManifest.decode(read(zip, SnapshotWriter.MANIFEST));
        if (manifest.groupId().equals(groupId.toString())) {
            throw new ReplicaException("cluster id: " + groupId + " is that of the cluster the snapshot was taken from"
                    + " (expected: a new one, so that members of both never mix)");
        }
        Path snapshot = folder.resolve("snapshots").resolve(FIRST_TERM + "_" + manifest.index());
        for (SnapshotManifest.Content content : manifest.files()) {
            Path target = snapshot.resolve(content.path()).normalize();
            if (!target.startsWith(snapshot)) {
                throw new ReplicaException("snapshot: path " + content.path() + " (expected: one inside the snapshot)");
            }
            extract(zip, content, target);
        }
        Folders.sync(snapshot);
        Folders.writeAtomically(
                snapshot.resolve(SnapshotFiles.COMPLETE),
                (manifest.revision() + "\n").getBytes(StandardCharsets.US_ASCII));
        DataFolder.write(folder, new DataFolder.Identity(DataFolder.FORMAT, member, groupId, clock.millis()));
        return new Restored(manifest.index(), manifest.revision(), manifest.groupId());
    }

    private static void extract(ZipFile zip, SnapshotManifest.Content content, Path target) throws IOException {
        Path parent = target.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        ZipEntry entry = zip.getEntry(SnapshotWriter.STATE + content.path());
        if (entry == null) {
            throw new ReplicaException("snapshot: file " + content.path() + " is missing");
        }
        try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, target);
        } catch (ZipException e) {
            throw new ReplicaException("snapshot: file " + content.path() + " is damaged: " + e.getMessage(), e);
        }
        try (InputStream in = Files.newInputStream(target)) {
            String found = SnapshotManifest.sha256(in);
            if (Files.size(target) != content.bytes() || !found.equals(content.sha256())) {
                throw new ReplicaException("snapshot: file " + content.path() + " is damaged: SHA-256 " + found
                        + " (expected: " + content.sha256() + ")");
            }
        }
    }

    private static byte[] read(ZipFile zip, String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new ReplicaException(
                    "snapshot: no " + name + " in " + zip.getName() + " (expected: a snapshot file)");
        }
        try (InputStream in = zip.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }
}
