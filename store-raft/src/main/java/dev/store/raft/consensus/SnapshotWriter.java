package dev.store.raft.consensus;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.raft.SnapshotFile;
import dev.store.raft.keyspace.LogPosition;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes the state into one file: a zip of a manifest and the files of a snapshot. The snapshot is taken on the apply
 * thread like any other; reading and packing it holds nothing up.
 */
final class SnapshotWriter {
    static final String MANIFEST = "MANIFEST";
    static final String STATE = "state/";
    private static final long TAKE_TIMEOUT_MS = 60_000;

    private final ReplicaCore core;
    private final Executor background;
    private final AtomicLong exports = new AtomicLong();

    SnapshotWriter(ReplicaCore core, Executor background) {
        this.core = core;
        this.background = background;
    }

    CompletableFuture<SnapshotFile> write(Path file) {
        try {
            return core.raft()
                    .takeSnapshot(TAKE_TIMEOUT_MS)
                    .thenApplyAsync(
                            reply -> {
                                if (!reply.isSuccess()) {
                                    throw failed(RaftPort.describe(reply.getException()), null);
                                }
                                return pack(file);
                            },
                            background);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(failed(e.toString(), e));
        }
    }

    private SnapshotFile pack(Path file) {
        SnapshotStore.Snapshot snapshot = core.snapshots().latest();
        if (snapshot == null) {
            throw failed("nothing was applied yet", null);
        }
        Path linked =
                core.options().dataFolder().resolve("snapshots-tmp").resolve("export-" + exports.incrementAndGet());
        try {
            // Links of our own: the snapshot itself may be replaced by a newer one meanwhile.
            Folders.delete(linked);
            Files.createDirectories(linked);
            SnapshotFiles.copyState(snapshot.folder(), linked);
            SnapshotManifest manifest = manifest(snapshot, linked);
            zip(file, manifest, linked);
            return new SnapshotFile(
                    file, Files.size(file), new LogPosition(manifest.term(), manifest.index()), manifest.revision());
        } catch (IOException e) {
            throw failed(e.toString(), e);
        } finally {
            deleteQuietly(linked);
        }
    }

    private SnapshotManifest manifest(SnapshotStore.Snapshot snapshot, Path state) throws IOException {
        List<SnapshotManifest.Content> contents = new ArrayList<>();
        for (Path path : Folders.files(state)) {
            try (InputStream in = Files.newInputStream(path)) {
                String name = state.relativize(path).toString().replace('\\', '/');
                contents.add(new SnapshotManifest.Content(name, Files.size(path), SnapshotManifest.sha256(in)));
            }
        }
        return new SnapshotManifest(
                SnapshotManifest.FORMAT,
                core.options().groupId().toString(),
                snapshot.position().getTerm(),
                snapshot.position().getIndex(),
                snapshot.revision(),
                contents);
    }

    private static void zip(Path file, SnapshotManifest manifest, Path state) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            // The tables are compressed already.
            zip.setLevel(Deflater.BEST_SPEED);
            zip.putNextEntry(new ZipEntry(MANIFEST));
            zip.write(manifest.encode());
            zip.closeEntry();
            for (SnapshotManifest.Content content : manifest.files()) {
                zip.putNextEntry(new ZipEntry(STATE + content.path()));
                Files.copy(state.resolve(content.path()), zip);
                zip.closeEntry();
            }
        }
        Folders.syncOne(file);
    }

    private static void deleteQuietly(Path folder) {
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            // Thrown away at the next start.
            return;
        }
    }

    private static StoreException failed(String why, @Nullable Throwable cause) {
        return new StoreException(ErrorCode.INTERNAL, "snapshot: not written: " + why, Map.of(), cause);
    }
}
