package dev.store.jepsen.series;

import dev.store.jepsen.nemesis.FaultGroup;
import dev.store.jepsen.report.JsonFile;
import dev.store.jepsen.run.Cell;
import dev.store.jepsen.run.WorkloadKind;
import java.nio.file.Path;

/**
 * What a campaign does, as it was decided at its start: {@code campaign.json} in its folder.
 *
 * @param workload its traffic
 * @param faults what is done to its clusters
 * @param bites how many faults have to bite in all
 * @param seconds how long each round is
 * @param nodes of each cluster
 * @param seed of the first round; each further one has the next
 * @param loopback whether nodes must not be in network namespaces
 */
public record CampaignPlan(
        WorkloadKind workload, FaultGroup faults, int bites, int seconds, int nodes, long seed, boolean loopback) {
    /** Its name in the folder. */
    public static final String FILE = "campaign.json";

    /** The plan of a campaign that was stopped; throws IllegalArgumentException if that is none. */
    public static CampaignPlan of(Path folder) {
        return Plans.read(folder.resolve(FILE), CampaignPlan.class);
    }

    /** Writes it down. */
    public void keep(Path folder) {
        JsonFile.write(folder.resolve(FILE), this);
    }

    /** A round, counted from 0. */
    Cell cell(int round) {
        return new Cell(workload, faults, seconds, nodes, seed + round);
    }
}
