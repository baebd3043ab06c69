package dev.store.raft.sim;

import dev.store.raft.v1.LogBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * Simulated consensus: one log of committed entries, and a leader that changes at any moment. A member that was deposed
 * learns of it late, or never if it crashes first. Proposals get lost, are committed after their proposer has given up,
 * come twice, or reach the log in a later term.
 */
final class SimCluster {
    final SimTime time;
    final SimTruth truth = new SimTruth();
    final LeasePromises leases;
    final SimBug bug;
    final List<SimMember> members = new ArrayList<>();
    final List<Entry> log = new ArrayList<>();
    boolean calm;
    int elections;
    int lateEntries;
    int repeatedEntries;
    private long term;
    private int leader = -1;

    SimCluster(SimTime time, SimBug bug, int size) {
        this.time = time;
        this.bug = bug;
        this.leases = new LeasePromises(time);
        for (int id = 0; id < size; id++) {
            members.add(new SimMember(this, id));
        }
    }

    /** Whether a member leads at this moment, in the term in which it thinks it does. */
    boolean leads(SimMember member, long inTerm) {
        return leader == member.id && term == inTerm;
    }

    /** Makes some member that runs the leader of a new term. */
    void elect() {
        List<SimMember> running = members.stream().filter(SimMember::isUp).toList();
        if (running.isEmpty()) {
            return;
        }
        SimMember old = leader < 0 ? null : members.get(leader);
        SimMember chosen = running.get(time.below(running.size()));
        term++;
        elections++;
        leader = chosen.id;
        if (old != null && old != chosen) {
            old.deposed(calm ? 10 : 4_000);
        }
        chosen.elected(term, log.size() - 1);
    }

    void electIfLeaderIsDown() {
        if (leader < 0 || !members.get(leader).isUp()) {
            elect();
        }
    }

    /** Proposes a batch for a member that thinks that it leads in a term. */
    void propose(SimMember proposer, long inTerm, LogBatch batch, Proposal proposal) {
        int copies = !calm && time.chance(0.05) ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            time.after(1, calm ? 5 : 80, () -> arrive(proposer, inTerm, batch, proposal));
        }
        time.after(800, 1_500, proposal::giveUp);
    }

    private void arrive(SimMember proposer, long inTerm, LogBatch batch, Proposal proposal) {
        if (!calm && time.chance(0.05)) {
            return;
        }
        if (leads(proposer, inTerm) && (calm || !time.chance(0.05))) {
            append(batch, proposal);
        } else if (!calm && time.chance(0.3)) {
            lateEntries++;
            time.after(50, 8_000, () -> append(batch, proposal));
        }
    }

    private void append(LogBatch batch, Proposal proposal) {
        if (proposal.appended) {
            repeatedEntries++;
        }
        proposal.appended = true;
        log.add(new Entry(term, batch, proposal));
        members.forEach(SimMember::wakeApplier);
    }

    /** An entry of the log. */
    record Entry(long term, LogBatch batch, Proposal proposal) {}

    /** Who waits for a batch. */
    static final class Proposal {
        private final List<Pending> pending;
        private final int proposer;
        private final int incarnation;
        private boolean appended;
        private boolean over;

        Proposal(List<Pending> pending, int proposer, int incarnation) {
            this.pending = List.copyOf(pending);
            this.proposer = proposer;
            this.incarnation = incarnation;
        }

        boolean isOf(int member, int memberIncarnation) {
            return proposer == member && incarnation == memberIncarnation;
        }

        List<Pending> takePending() {
            if (over) {
                return List.of();
            }
            over = true;
            return pending;
        }

        void giveUp() {
            takePending().forEach(Pending::fail);
        }
    }
}
