package dev.store.raft.consensus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a repair of the log takes out of it: kept beside the log, so that nothing is destroyed that somebody may want to look
 * at, but not for ever, since each loss of power may leave a file.
 */
final class SetAside {
    /** The newest so many are kept. */
    static final int KEPT = 10;

    private static final Logger LOG = LoggerFactory.getLogger(SetAside.class);
    /** The end of a file that was cut off. */
    private static final String CUT = "cut-";
    /** A whole file whose content a snapshot holds. */
    private static final String COVERED = "covered-";

    private SetAside() {}

    /** Where the end of a file from this byte on is kept. */
    static Path cut(Path file, int from) {
        return file.resolveSibling(CUT + file.getFileName() + "-" + from);
    }

    /** Where a file that ends with this log index is kept. */
    static Path covered(Path file, long lastIndex) {
        return file.resolveSibling(COVERED + file.getFileName() + "-" + lastIndex);
    }

    /** Deletes all but the newest. */
    static void deleteOld(Path logFolder) throws IOException {
        List<Path> newestFirst = Folders.list(logFolder).stream()
                .filter(SetAside::isOne)
                .sorted(Comparator.comparingLong((Path file) -> file.toFile().lastModified())
                        .reversed())
                .toList();
        for (Path old : newestFirst.subList(Math.min(KEPT, newestFirst.size()), newestFirst.size())) {
            Files.delete(old);
            LOG.info("{}: deleted, as {} newer ones are kept", old, KEPT);
        }
    }

    private static boolean isOne(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(CUT) || name.startsWith(COVERED);
    }
}
