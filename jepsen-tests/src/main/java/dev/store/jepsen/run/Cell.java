package dev.store.jepsen.run;

import dev.store.jepsen.nemesis.FaultGroup;

/**
 * One run to be done.
 *
 * @param workload the traffic
 * @param faults what is done to the cluster meanwhile
 * @param seconds how long
 * @param nodes how many
 * @param seed decides everything that is left to chance
 */
public record Cell(WorkloadKind workload, FaultGroup faults, int seconds, int nodes, long seed) {
    /** Its name among others. */
    public String name() {
        return workload.word() + "-" + faults.word() + "-" + seed;
    }

    @Override
    public String toString() {
        return "--workload " + workload.word() + " --fault " + faults.word() + " --time " + seconds + " --nodes "
                + nodes + " --seed " + seed;
    }
}
