package dev.store.raft.consensus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Which files of a snapshot's folder are state, and which only say something about it. */
final class SnapshotFiles {
    /** Written last: the snapshot is whole and on disk. */
    static final String COMPLETE = "COMPLETE";

    /** End of the names of the files in which Ratis keeps a digest of what it received. */
    static final String SIDECAR = ".md5";

    private SnapshotFiles() {}

    /** Whether a file is part of the state. */
    static boolean isState(Path file) {
        String name = file.getFileName().toString();
        return !name.startsWith(COMPLETE) && !name.endsWith(SIDECAR);
    }

    /**
     * Makes a folder with the state of a snapshot. Table files are linked, since they never change; everything else is
     * copied, so that neither side writes into what the other one reads.
     */
    static void copyState(Path from, Path to) throws IOException {
        for (Path file : Folders.files(from)) {
            if (!isState(file)) {
                continue;
            }
            Path target = to.resolve(from.relativize(file).toString());
            Path parent = target.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            if (file.toString().endsWith(".sst")) {
                link(file, target);
            } else {
                Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void link(Path file, Path target) throws IOException {
        try {
            Files.createLink(target, file);
        } catch (UnsupportedOperationException e) {
            Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }
}
