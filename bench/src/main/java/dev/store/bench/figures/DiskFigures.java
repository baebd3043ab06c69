package dev.store.bench.figures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Bytes written to a block device since the machine started, by whomever.
 *
 * <p>The kernel's count for a process would be finer, but since page caches hold large folios it counts a whole folio
 * (2 MiB, say) for a few bytes written into it.
 */
public final class DiskFigures {
    private static final long SECTOR_BYTES = 512;

    private DiskFigures() {}

    /** Of the device that holds a path; 0 where that cannot be told. */
    public static long writtenBytes(Path path) {
        try {
            long device = ((Number) Files.getAttribute(path, "unix:dev")).longValue();
            return written(Files.readAllLines(Path.of("/proc/diskstats")), device);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return 0;
        }
    }

    /** From the lines of /proc/diskstats: major, minor, name, and the seventh figure is sectors written. */
    static long written(List<String> lines, long device) {
        // The encoding of dev_t in makedev(3).
        long major = (device >>> 8) & 0xfff;
        long minor = (device & 0xff) | ((device >>> 12) & 0xfff00);
        for (String line : lines) {
            String[] fields = line.strip().split(" +", -1);
            if (fields.length > 9 && Long.parseLong(fields[0]) == major && Long.parseLong(fields[1]) == minor) {
                return Long.parseLong(fields[9]) * SECTOR_BYTES;
            }
        }
        return 0;
    }
}
