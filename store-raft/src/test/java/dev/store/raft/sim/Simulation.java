package dev.store.raft.sim;

import dev.store.raft.keyspace.KeyspaceView;
import java.util.ArrayList;
import java.util.List;

/**
 * The real keyspace, watch hub and lease keeper of three members over a simulated consensus, decided by one seed: leader
 * changes, lost, late and repeated proposals, lag, crashes with replay, snapshot installs, clocks that jump, watchers that
 * stall and resume. Promises are checked after each step in which they could break; at the end the faults stop and
 * everything must converge.
 */
final class Simulation {
    private static final int MEMBERS = 3;
    private static final int WATCHERS = 8;
    private static final int CLIENTS = 3;
    private static final int OWNERS = 4;
    private static final long STORM_MS = 30_000;
    private static final long CALM_MS = 60_000;

    private final SimTime time;
    private final SimCluster cluster;
    private final List<SimWatcher> watchers = new ArrayList<>();
    private final List<SimClient> clients = new ArrayList<>();
    private final List<SimLeaseOwner> owners = new ArrayList<>();

    private Simulation(long seed, SimBug bug) {
        this.time = new SimTime(seed);
        this.cluster = new SimCluster(time, bug, MEMBERS);
        for (int i = 0; i < WATCHERS; i++) {
            watchers.add(new SimWatcher(cluster, i));
        }
        for (int i = 1; i <= CLIENTS; i++) {
            clients.add(new SimClient(cluster, i));
        }
        for (int i = 1; i <= OWNERS; i++) {
            owners.add(new SimLeaseOwner(cluster, 100 + i));
        }
    }

    /** Runs a seed; throws {@link BrokenPromise} if a promise was broken. */
    static Figures run(long seed, SimBug bug) {
        Simulation simulation = new Simulation(seed, bug);
        simulation.storm();
        simulation.calm();
        simulation.checkEnd();
        return simulation.figures();
    }

    private void storm() {
        cluster.elect();
        time.every(300, 8_000, () -> unlessCalm(cluster::elect));
        time.every(200, 800, cluster::electIfLeaderIsDown);
        time.every(1_000, 9_000, () -> unlessCalm(() -> anyMember().crash()));
        time.every(500, 5_000, () -> anyMember().flush());
        time.every(500, 6_000, () -> unlessCalm(() -> anyMember().installSnapshot(anyMember())));
        time.every(500, 3_000, () -> anyMember().jumpWallClock());
        time.runUntil(STORM_MS);
    }

    private void calm() {
        cluster.calm = true;
        clients.forEach(SimClient::stop);
        owners.forEach(SimLeaseOwner::stop);
        cluster.members.forEach(SimMember::restart);
        time.runUntil(STORM_MS + 1_000);
        cluster.elect();
        time.runUntil(STORM_MS + CALM_MS);
    }

    private void checkEnd() {
        for (SimMember member : cluster.members) {
            if (member.keyspace().applied().index() != cluster.log.size() - 1) {
                throw SimTruth.disagree("member " + member.id + " never caught up");
            }
            if (!member.keyspace().leases().isEmpty()) {
                throw new BrokenPromise(
                        "Lease",
                        "ends at last when its owner is silent",
                        "still there: " + member.keyspace().leases());
            }
        }
        List<KeyspaceView.ContentHash> contents = new ArrayList<>();
        for (SimMember member : cluster.members) {
            try (KeyspaceView view = member.keyspace().view()) {
                contents.add(view.hash(0));
            }
        }
        if (contents.stream().distinct().count() != 1) {
            throw SimTruth.disagree("contents differ: " + contents);
        }
        watchers.forEach(SimWatcher::finished);
    }

    private void unlessCalm(Runnable fault) {
        if (!cluster.calm) {
            fault.run();
        }
    }

    private SimMember anyMember() {
        return cluster.members.get(time.below(MEMBERS));
    }

    private Figures figures() {
        return new Figures(
                time.steps(),
                cluster.log.size(),
                cluster.truth.revision(),
                watchers.stream().mapToInt(SimWatcher::delivered).sum(),
                watchers.stream().mapToInt(SimWatcher::lagged).sum(),
                watchers.stream().mapToInt(SimWatcher::resumed).sum(),
                cluster.elections,
                cluster.lateEntries,
                cluster.repeatedEntries,
                cluster.leases.expired(),
                owners.stream().mapToInt(SimLeaseOwner::renewals).sum(),
                clients.stream().mapToInt(SimClient::acknowledged).sum());
    }

    /** What happened, to see that the faults did bite. */
    record Figures(
            long steps,
            int entries,
            long revisions,
            int delivered,
            int lagged,
            int resumed,
            int elections,
            int lateEntries,
            int repeatedEntries,
            int expired,
            int renewals,
            int acknowledged) {}
}
