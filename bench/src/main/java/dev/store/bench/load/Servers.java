package dev.store.bench.load;

import dev.store.bench.figures.DiskFigures;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the nodes under load.
 *
 * @param pids their processes; empty if they are on another machine
 * @param data a folder on the disk that holds their data, or null likewise
 */
public record Servers(List<Long> pids, @Nullable Path data) {
    /** Nodes that are elsewhere. */
    public static final Servers ELSEWHERE = new Servers(List.of(), null);

    public Servers {
        pids = List.copyOf(pids);
    }

    /** Bytes written to their disk so far. */
    long diskBytes() {
        return data == null ? 0 : DiskFigures.writtenBytes(data);
    }
}
