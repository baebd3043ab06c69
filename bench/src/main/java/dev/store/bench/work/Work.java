package dev.store.bench.work;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Something that each system can be asked to do. */
public enum Work {
    /** Puts of keys at random. */
    PUT(Stage.WRITES, Counts.CLIENTS, 0),
    /** Puts of keys in order. */
    PUT_SEQUENTIAL(Stage.WRITES, Counts.CLIENTS, 0),
    /** Linearizable gets, no write before. */
    GET(Stage.READS, Counts.CLIENTS, 0),
    /** Serializable gets, no write before. */
    GET_SERIALIZABLE(Stage.READS, Counts.CLIENTS, 0),
    /** Linearizable ranges of 1000 neighbouring keys. */
    RANGE(Stage.READS, Counts.CLIENTS, 0),
    /** Linearizable gets after the puts of the stage. */
    GET_AFTER_WRITES(Stage.WRITES, Counts.CLIENTS, 0),
    /** Serializable gets after the puts of the stage. */
    GET_SERIALIZABLE_AFTER_WRITES(Stage.WRITES, Counts.CLIENTS, 0),
    /** Transactions of ten puts and gets with a guard. */
    TXN(Stage.WRITES, Counts.CLIENTS, 0),
    /** Many watchers of one key, put as fast as all get it. */
    WATCH(Stage.WRITES, Counts.WATCHERS, 1_000),
    /** Many watchers of one key at a fixed rate of puts. */
    WATCH_DELAY(Stage.WRITES, Counts.WATCHERS, 1_000),
    /** One publisher of a configuration entry, and subscribers on a stream each; a version has ended when all have it. */
    CONFIG_PUSH(Stage.WRITES, Counts.WATCHERS, 100),
    /** Watches that are opened and canceled again, by clients on a stream each. */
    WATCH_CREATE(Stage.WRITES, Counts.CLIENTS, 0),
    /** Puts of keys at random, while many watchers wait for a key that nobody puts. */
    PUT_IDLE_WATCHES(Stage.WRITES, Counts.WATCHERS, 100_000),
    /** Each client locks and unlocks a lock of its own. */
    LOCK(Stage.WRITES, Counts.CLIENTS, 8),
    /** All clients want one lock; its hand-over is timed. */
    LOCK_CONTENDED(Stage.WRITES, Counts.CLIENTS, 8),
    /** An instance is registered under a lease of its own, and deregistered: one operation. */
    REGISTER(Stage.WRITES, Counts.CLIENTS, 0),
    /** Keepalives, a call for each. */
    KEEPALIVE(Stage.WRITES, Counts.CLIENTS, 0),
    /** Keepalives on a stream for each client. */
    KEEPALIVE_STREAM(Stage.WRITES, Counts.CLIENTS, 0),
    /** Grants of leases that stay. */
    LEASE_GRANT(Stage.WRITES, Counts.CLIENTS, 0),
    /** One client reads all keys in order, page by page of 10,000; a page is an operation. */
    READ_PAGES(Stage.FILLED, Counts.KEYS, 1_000_000),
    /** Puts of keys at random where so many exist. */
    PUT_KEYS(Stage.FILLED, Counts.KEYS, 1_000_000),
    /** From the moment at which many leases with a key each are due until no key is left. */
    EXPIRY(Stage.EVENT, Counts.LEASES, 10_000),
    /** From SIGKILL of the leader to the first acknowledged put of a client that asks again and again. */
    RECOVERY_POLLING(Stage.EVENT, Counts.CLIENTS, 1),
    /** From SIGKILL of the leader until a put is acknowledged that was sent right after it. */
    RECOVERY_BLOCKING(Stage.EVENT, Counts.CLIENTS, 1),
    /** From the start of all processes, on so many keys, to the first serializable read. */
    STARTUP(Stage.EVENT, Counts.KEYS, 100_000),
    /** Resident memory of the largest node with so many keys, after it came to rest. */
    MEMORY(Stage.EVENT, Counts.KEYS, 100_000),
    /** The same with so many watchers of one key, a hundred on a stream, and no keys. */
    MEMORY_WATCHED(Stage.EVENT, Counts.WATCHERS, 10_000);

    private final Stage stage;
    private final Counts counts;
    private final int usual;

    Work(Stage stage, Counts counts, int usual) {
        this.stage = stage;
        this.counts = counts;
        this.usual = usual;
    }

    /** What the number of a job counts. */
    public enum Counts {
        CLIENTS,
        WATCHERS,
        LEASES,
        KEYS;

        /** As in "64 clients". */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** On what cluster it is measured. */
    public Stage stage() {
        return stage;
    }

    /** What its number counts. */
    public Counts counts() {
        return counts;
    }

    /** The number if none is said; 0: the one of the whole run. */
    public int usual() {
        return usual;
    }

    /** Its name on the command line and in results. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether the events that watchers get are what is counted and timed, rather than operations. */
    public boolean countsEvents() {
        return this == WATCH || this == WATCH_DELAY || this == CONFIG_PUSH;
    }

    /** The work of a label. */
    public static Work of(String label) {
        return Arrays.stream(values())
                .filter(work -> work.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("workload: \"" + label + "\" (expected: one of "
                        + Arrays.stream(values()).map(Work::label).collect(Collectors.joining(", ")) + ")"));
    }
}
