package dev.store.jepsen.series;

import dev.store.jepsen.report.JsonFile;
import dev.store.jepsen.run.Cell;
import java.nio.file.Path;
import java.util.List;

/**
 * What a matrix does, as it was decided at its start: {@code matrix.json} in its folder.
 *
 * @param tier word of its tier
 * @param only the pattern of its cells
 * @param seconds how long each cell is
 * @param nodes of each cluster
 * @param seed of the first cells
 * @param loopback whether nodes must not be in network namespaces
 * @param cells all of them, in order
 */
public record MatrixPlan(
        String tier, String only, int seconds, int nodes, long seed, boolean loopback, List<Cell> cells) {
    /** Its name in the folder. */
    public static final String FILE = "matrix.json";

    public MatrixPlan {
        cells = List.copyOf(cells);
    }

    /** The plan of a matrix that was stopped; throws IllegalArgumentException if that is none. */
    public static MatrixPlan of(Path folder) {
        return Plans.read(folder.resolve(FILE), MatrixPlan.class);
    }

    /** Writes it down. */
    public void keep(Path folder) {
        JsonFile.write(folder.resolve(FILE), this);
    }
}
