package dev.store.raft.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RocksDB's native library, which has to be a file before it can be loaded. RocksDB unpacks it under a new name in the
 * temporary folder each time, and a process that is killed leaves its 17 MB behind; in a folder of its own it has one
 * name, and the next start replaces it.
 */
public final class NativeLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);

    /** RocksDB's own variable for that folder; who sets it has a reason. */
    private static final String VARIABLE = "ROCKSDB_SHAREDLIB_DIR";

    private NativeLibrary() {}

    /**
     * Loads the library out of a folder, which is made where it is missing; the first call in a process decides. Where the
     * folder cannot hold a library (it may be mounted {@code noexec}), the temporary folder is used after all.
     */
    public static void load(Path folder) {
        if (System.getenv(VARIABLE) == null) {
            try {
                Files.createDirectories(folder);
                NativeLibraryLoader.getInstance().loadLibrary(folder.toString());
            } catch (IOException | RuntimeException | UnsatisfiedLinkError e) {
                LOG.warn(
                        "native library not loaded from its folder, using the temporary one: folder={} reason=\"{}\"",
                        folder,
                        e.toString());
            }
        }
        // Finds it loaded, or does it in its own way.
        RocksDB.loadLibrary();
    }
}
