package dev.store.jepsen.nemesis;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Faults that are tried together in one run, by the name that users give them. */
public enum FaultGroup {
    /** Nothing happens. */
    NONE,
    /** Processes are killed. */
    KILL(Fault.KILL_LEADER, Fault.KILL_ONE, Fault.KILL_MAJORITY, Fault.KILL_ALL),
    /** Processes are stopped and continued. */
    PAUSE(Fault.PAUSE_LEADER, Fault.PAUSE_ONE, Fault.PAUSE_MAJORITY, Fault.PAUSE_ALL),
    /** The network is cut. */
    PARTITION(Fault.CUT_LEADER, Fault.CUT_ONE, Fault.CUT_HALVES, Fault.CUT_RING, Fault.CUT_ONE_WAY),
    /** The network is cut and joined in quick succession, and loses packets. */
    FLAPPING(Fault.CUT_FLAPPING, Fault.LOSE_PACKETS),
    /** The network is slow, and its connections break. */
    SLOW_NET(Fault.SLOW_LINKS, Fault.NARROW_LINKS, Fault.RESET_LINKS, Fault.DEAD_LINKS),
    /** Wall clocks jump. */
    CLOCK(Fault.JUMP_CLOCKS, Fault.STROBE_CLOCK),
    /** Syncs are slow or fail. */
    SYNC(Fault.SLOW_SYNCS, Fault.FAIL_SYNC),
    /** A disk is full. */
    DISK_FULL(Fault.FILL_DISK),
    /** Power is lost. */
    POWER(Fault.POWER_LOSS_ONE, Fault.POWER_LOSS_ALL),
    /** Files of one node are damaged. */
    CORRUPTION(Fault.FLIP_BYTES, Fault.ZERO_BLOCK, Fault.TRUNCATE_FILE),
    /** The end of a log is torn. */
    TORN_TAIL(Fault.TEAR_LOG),
    /** Members come and go. */
    MEMBERSHIP(Fault.REPLACE_MEMBER, Fault.ADD_AND_REMOVE_MEMBER),
    /** Leadership is handed over. */
    TRANSFER(Fault.TRANSFER_LEADER),
    /** Nodes are restarted in order. */
    ROLLING(Fault.ROLLING_RESTART),
    /** A follower is killed while it is brought back by a snapshot. */
    SNAPSHOT(Fault.KILL_IN_SNAPSHOT),
    /** Clients are killed, or read nothing. */
    CLIENTS(Fault.KILL_CLIENT, Fault.STALL_CLIENT),
    /** The leader is killed, and nothing else: for campaigns. */
    KILL_LEADER(Fault.KILL_LEADER),
    /** All nodes lose power, and nothing else: for campaigns. */
    POWER_ALL(Fault.POWER_LOSS_ALL),
    /** Anything that the machine allows. */
    ALL(Fault.values());

    @SuppressWarnings("ImmutableEnumChecker") // never changed
    private final List<Fault> faults;

    FaultGroup(Fault... faults) {
        this.faults = List.of(faults);
    }

    /** The faults that this machine allows: for {@link #ALL} some may be missing, for any other group all or none. */
    public List<Fault> faults() {
        Set<Need> missing = missing();
        return faults.stream()
                .filter(fault -> fault.needs().stream().noneMatch(missing::contains))
                .toList();
    }

    /** Whether it is one of the matrix: the others are a part of one of these, for campaigns of a single fault. */
    public boolean inMatrix() {
        return switch (this) {
            case KILL_LEADER, POWER_ALL -> false;
            default -> true;
        };
    }

    /** What the cluster must have for these faults. */
    public Set<Need> needs() {
        return faults().stream()
                .flatMap(fault -> fault.needs().stream())
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Need.class)));
    }

    /** Why none of the faults, or for {@link #ALL} not all of them, can be done here; empty if they can. */
    public String obstacle() {
        return missing().stream().map(Need::obstacle).sorted().collect(Collectors.joining("; "));
    }

    /** Its name as users write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The group of this name; throws IllegalArgumentException naming all. */
    public static FaultGroup of(String word) {
        return Arrays.stream(values())
                .filter(group -> group.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("fault: " + word + " (expected: one of "
                        + Arrays.stream(values()).map(FaultGroup::word).collect(Collectors.joining(", ")) + ")"));
    }

    private Set<Need> missing() {
        return faults.stream()
                .flatMap(fault -> fault.needs().stream())
                .distinct()
                .filter(need -> !need.obstacle().isEmpty())
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Need.class)));
    }
}
