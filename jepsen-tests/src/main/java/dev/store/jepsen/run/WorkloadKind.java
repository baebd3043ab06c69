package dev.store.jepsen.run;

import dev.store.jepsen.workload.AppendWorkload;
import dev.store.jepsen.workload.BankWorkload;
import dev.store.jepsen.workload.ConfigWorkload;
import dev.store.jepsen.workload.ElectionWorkload;
import dev.store.jepsen.workload.LeaseWorkload;
import dev.store.jepsen.workload.LockWorkload;
import dev.store.jepsen.workload.OnceWorkload;
import dev.store.jepsen.workload.RegisterWorkload;
import dev.store.jepsen.workload.RegistryWorkload;
import dev.store.jepsen.workload.SetWorkload;
import dev.store.jepsen.workload.WatchWorkload;
import dev.store.jepsen.workload.Workload;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Kinds of traffic, by the name that users give them. */
public enum WorkloadKind {
    /** Reads, writes, compare-and-sets and deletions of single keys. */
    REGISTER(10, traffic -> new RegisterWorkload(traffic.nodes(), traffic.recorder(), traffic.random())),
    /** Unique elements, and reads of all of them. */
    SET(10, traffic -> new SetWorkload(traffic.nodes(), traffic.recorder(), traffic.random())),
    /** Transactions that append to lists and read them. */
    APPEND(5, traffic -> new AppendWorkload(traffic.nodes(), traffic.recorder(), traffic.random())),
    /** Transfers between accounts, and reads of all of them, now and as they were. */
    BANK(5, traffic -> new BankWorkload(traffic.nodes(), traffic.recorder(), traffic.random())),
    /** Many watchers that come, go, lose their connection and stall. */
    WATCH(10, traffic -> new WatchWorkload(traffic.nodes(), traffic.recorder(), traffic.random(), traffic.revision())),
    /** Leases that are kept alive for a while. */
    LEASE(2, traffic -> new LeaseWorkload(traffic.nodes(), traffic.recorder(), traffic.random())),
    /** Locks whose holders sometimes hold for too long, and what they protect. */
    LOCK(5, traffic -> new LockWorkload(traffic.nodes(), traffic.recorder(), traffic.random(), 1)),
    /** Semaphores of three permits. */
    SEMAPHORE(5, traffic -> new LockWorkload(traffic.nodes(), traffic.recorder(), traffic.random(), 3)),
    /** Elections and their observers. */
    ELECTION(2, traffic -> new ElectionWorkload(traffic.nodes(), traffic.recorder(), traffic.random())),
    /** Instances of services that come, send heartbeats and fall silent. */
    REGISTRY(2, traffic -> new RegistryWorkload(traffic.nodes(), traffic.recorder(), traffic.random())),
    /** Configuration entries that are published, rolled back and followed. */
    CONFIG(5, traffic -> new ConfigWorkload(traffic.nodes(), traffic.recorder(), traffic.random())),
    /** Writes that are sent several times under one name. */
    ONCE(8, traffic -> new OnceWorkload(traffic.nodes(), traffic.recorder(), traffic.random()));

    private final int floor;

    @SuppressWarnings("ImmutableEnumChecker") // without state
    private final Function<Traffic, Workload> make;

    WorkloadKind(int floor, Function<Traffic, Workload> make) {
        this.floor = floor;
        this.make = make;
    }

    /** Fewer operations a second than this, over a whole run, show nothing. */
    int floor() {
        return floor;
    }

    Workload make(Traffic traffic) {
        return make.apply(traffic);
    }

    /** Its name as users write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of this name; throws IllegalArgumentException naming all. */
    public static WorkloadKind of(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("workload: " + word + " (expected: one of "
                        + Arrays.stream(values()).map(WorkloadKind::word).collect(Collectors.joining(", ")) + ")"));
    }
}
