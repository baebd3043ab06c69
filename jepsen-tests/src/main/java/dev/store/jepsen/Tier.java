package dev.store.jepsen;

import dev.store.jepsen.nemesis.FaultGroup;
import dev.store.jepsen.run.WorkloadKind;
import java.util.ArrayList;
import java.util.List;

/** How much of the matrix is done. */
enum Tier {
    /** Some cells that find most: at most 12 minutes. */
    QUICK(15, 1),
    /** All workloads with all faults, once. */
    FULL(20, 1),
    /** All workloads with all faults, with three seeds. */
    RELEASE(40, 3);

    private final int seconds;
    private final int seeds;

    Tier(int seconds, int seeds) {
        this.seconds = seconds;
        this.seeds = seeds;
    }

    /** Workload and faults of a cell. */
    record Pair(WorkloadKind workload, FaultGroup faults) {
        @Override
        public String toString() {
            return workload.word() + ":" + faults.word();
        }
    }

    int seconds() {
        return seconds;
    }

    int seeds() {
        return seeds;
    }

    List<Pair> pairs() {
        if (this == QUICK) {
            return List.of(
                    new Pair(WorkloadKind.REGISTER, FaultGroup.KILL),
                    new Pair(WorkloadKind.REGISTER, FaultGroup.PARTITION),
                    new Pair(WorkloadKind.REGISTER, FaultGroup.POWER),
                    new Pair(WorkloadKind.APPEND, FaultGroup.PAUSE),
                    new Pair(WorkloadKind.APPEND, FaultGroup.PARTITION),
                    new Pair(WorkloadKind.SET, FaultGroup.KILL),
                    new Pair(WorkloadKind.BANK, FaultGroup.ROLLING),
                    new Pair(WorkloadKind.WATCH, FaultGroup.KILL),
                    new Pair(WorkloadKind.WATCH, FaultGroup.PARTITION),
                    new Pair(WorkloadKind.LEASE, FaultGroup.PAUSE),
                    new Pair(WorkloadKind.LOCK, FaultGroup.PARTITION),
                    new Pair(WorkloadKind.ONCE, FaultGroup.KILL));
        }
        List<Pair> all = new ArrayList<>();
        for (WorkloadKind workload : WorkloadKind.values()) {
            for (FaultGroup faults : FaultGroup.values()) {
                if (faults.inMatrix()) {
                    all.add(new Pair(workload, faults));
                }
            }
        }
        return all;
    }
}
