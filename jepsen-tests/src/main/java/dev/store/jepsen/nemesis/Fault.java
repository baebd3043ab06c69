package dev.store.jepsen.nemesis;

import java.util.Locale;
import java.util.Set;

/** What can be done to a cluster, once. */
public enum Fault {
    /** SIGKILL of the leader, and its restart. */
    KILL_LEADER(ProcessHarm::killLeader),
    /** SIGKILL of any node, and its restart. */
    KILL_ONE(ProcessHarm::killOne),
    /** SIGKILL of a majority at once, and their restart. */
    KILL_MAJORITY(ProcessHarm::killMajority),
    /** SIGKILL of all nodes at once, and their restart. */
    KILL_ALL(ProcessHarm::killAll),
    /** SIGSTOP of the leader for longer than an election takes. */
    PAUSE_LEADER(ProcessHarm::pauseLeader),
    /** SIGSTOP of any node. */
    PAUSE_ONE(ProcessHarm::pauseOne),
    /** SIGSTOP of a majority. */
    PAUSE_MAJORITY(ProcessHarm::pauseMajority),
    /** SIGSTOP of all nodes. */
    PAUSE_ALL(ProcessHarm::pauseAll),
    /** One node after the other is stopped in order and started again. */
    ROLLING_RESTART(ProcessHarm::rollingRestart),
    /** Another node is told to lead. */
    TRANSFER_LEADER(MemberHarm::transfer),
    /** A node is removed, emptied and added again. */
    REPLACE_MEMBER(MemberHarm::replace),
    /** A further node joins, votes and is removed. */
    ADD_AND_REMOVE_MEMBER(MemberHarm::addAndRemove),
    /** A follower that missed more than the log holds is killed while it is brought back by a snapshot. */
    KILL_IN_SNAPSHOT(SnapshotHarm::killInTheMiddle),
    /** The leader is cut off from all others. */
    CUT_LEADER(CutHarm::leader, Need.NAMESPACES),
    /** Any node is cut off from all others. */
    CUT_ONE(CutHarm::one, Need.NAMESPACES),
    /** Two halves, the leader in the smaller one. */
    CUT_HALVES(CutHarm::halves, Need.NAMESPACES),
    /** Each node sees a majority, and no two the same one. */
    CUT_RING(CutHarm::ring, Need.NAMESPACES),
    /** What the leader sends is lost; what is sent to it arrives. */
    CUT_ONE_WAY(CutHarm::oneWay, Need.NAMESPACES),
    /** A node is cut off and joined again in quick succession. */
    CUT_FLAPPING(CutHarm::flapping, Need.NAMESPACES),
    /** A part of all packets between nodes is lost. */
    LOSE_PACKETS(CutHarm::lossy, Need.NAMESPACES),
    /** What nodes send each other comes late, each time differently. */
    SLOW_LINKS(LinkHarm::slow, Need.LINKS),
    /** Little fits through the connections of the leader. */
    NARROW_LINKS(LinkHarm::narrow, Need.LINKS),
    /** All connections between nodes are reset, again and again. */
    RESET_LINKS(LinkHarm::reset, Need.LINKS),
    /** Connections to one node stay open and carry nothing. */
    DEAD_LINKS(LinkHarm::dead, Need.LINKS),
    /** The wall clock of each node jumps by up to an hour either way. */
    JUMP_CLOCKS(ShimHarm::jump, Need.SHIMS),
    /** The wall clock of the leader jumps there and back once a second. */
    STROBE_CLOCK(ShimHarm::strobe, Need.SHIMS),
    /** Syncs of one node, or of all, take long. */
    SLOW_SYNCS(ShimHarm::slowSyncs, Need.SHIMS),
    /** A sync of one node fails. */
    FAIL_SYNC(ShimHarm::failSync, Need.SHIMS),
    /** The disk of one node is full for a while. */
    FILL_DISK(DiskHarm::fill, Need.DISKS),
    /** One node loses power. */
    POWER_LOSS_ONE(DiskHarm::powerLossOfOne, Need.DISKS),
    /** All nodes lose power at once. */
    POWER_LOSS_ALL(DiskHarm::powerLossOfAll, Need.DISKS),
    /** The end of one node's log is torn, as by a write that power loss cut short. */
    TEAR_LOG(FileHarm::tearLog),
    /** Some bytes of a file of one node are other ones. */
    FLIP_BYTES(FileHarm::flip),
    /** A block of a file of one node is zero. */
    ZERO_BLOCK(FileHarm::zero),
    /** A file of one node is cut off. */
    TRUNCATE_FILE(FileHarm::truncate),
    /** SIGKILL of clients: one that holds a lock, and one that watches. */
    KILL_CLIENT(ClientHarm::kill),
    /** SIGSTOP of a client that watches, for longer than buffers last. */
    STALL_CLIENT(ClientHarm::stall);

    @SuppressWarnings("ImmutableEnumChecker") // without state
    private final Harm harm;

    @SuppressWarnings("ImmutableEnumChecker") // never changed
    private final Set<Need> needs;

    Fault(Harm harm, Need... needs) {
        this.harm = harm;
        this.needs = Set.of(needs);
    }

    /** What it needs. */
    public Set<Need> needs() {
        return needs;
    }

    /** Whether nodes may stop by themselves afterwards, and stay away until they are brought back. */
    boolean mayStopNodes() {
        return switch (this) {
            case FAIL_SYNC, FILL_DISK, TEAR_LOG, FLIP_BYTES, ZERO_BLOCK, TRUNCATE_FILE -> true;
            default -> false;
        };
    }

    /** Its name as users write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Harm harm() {
        return harm;
    }
}
