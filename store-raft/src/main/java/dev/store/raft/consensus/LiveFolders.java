package dev.store.raft.consensus;

import dev.store.raft.keyspace.Keyspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folders in which the keyspace in use lives: {@code <data>/db/live-<n>}, apart from the snapshots. Each snapshot
 * that is put in use gets a new one.
 */
final class LiveFolders {
    private static final Logger LOG = LoggerFactory.getLogger(LiveFolders.class);
    private static final String PREFIX = "live-";
    private static final String PARTIAL = ".partial";

    private final Path folder;
    private final Function<Path, Keyspace> opener;

    LiveFolders(Path dataFolder, Function<Path, Keyspace> opener) {
        this.folder = dataFolder.resolve("db");
        this.opener = opener;
    }

    /** An open keyspace and where it lives. */
    record Live(Path folder, Keyspace keyspace) {
        /** Deletes the folder of a keyspace that was closed; what cannot be deleted now is at the next start. */
        void discard() {
            try {
                Folders.delete(folder);
            } catch (IOException e) {
                LOG.warn("folder {} of the replaced state: could not be deleted: {}", folder, e.toString());
            }
        }
    }

    /**
     * Opens the keyspace in use. Where it is missing, broken or behind the newest snapshot, a fresh one is made from the
     * snapshot; the log brings either to the present.
     */
    Live open(SnapshotStore.@Nullable Snapshot snapshot) throws IOException {
        Files.createDirectories(folder);
        List<Path> found = Folders.list(folder).stream()
                .filter(path -> number(path) >= 0)
                .sorted(Comparator.comparingLong(LiveFolders::number))
                .toList();
        for (Path entry : Folders.list(folder)) {
            if (number(entry) < 0 || !entry.equals(found.get(found.size() - 1))) {
                Folders.delete(entry);
            }
        }
        if (found.isEmpty()) {
            return snapshot == null ? openAt(folder.resolve(PREFIX + 1)) : openFrom(snapshot);
        }
        Path newest = found.get(found.size() - 1);
        if (snapshot == null) {
            return openAt(newest);
        }
        Live live;
        try {
            live = openAt(newest);
        } catch (RuntimeException e) {
            LOG.warn("state in {}: cannot be opened, rebuilding it from snapshot {}", newest, snapshot.folder(), e);
            return openFrom(snapshot);
        }
        if (live.keyspace().applied().index() >= snapshot.position().getIndex()) {
            return live;
        }
        live.keyspace().close();
        live.discard();
        return openFrom(snapshot);
    }

    /** Opens a fresh keyspace made from a snapshot. */
    Live openFrom(SnapshotStore.Snapshot snapshot) throws IOException {
        long last = Folders.list(folder).stream()
                .mapToLong(LiveFolders::number)
                .max()
                .orElse(0);
        Path target = folder.resolve(PREFIX + (Math.max(0, last) + 1));
        Path partial = folder.resolve(target.getFileName() + PARTIAL);
        Folders.delete(partial);
        Files.createDirectories(partial);
        SnapshotFiles.copyState(snapshot.folder(), partial);
        Folders.sync(partial);
        Files.move(partial, target);
        Folders.syncOne(folder);
        return openAt(target);
    }

    private Live openAt(Path target) {
        return new Live(target, opener.apply(target));
    }

    private static long number(Path path) {
        String name = path.getFileName().toString();
        return name.matches(PREFIX + "\\d{1,18}") ? Long.parseLong(name.substring(PREFIX.length())) : -1;
    }
}
