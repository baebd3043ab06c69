package dev.store.bench.compare;

import java.util.Locale;

/** A figure of a sample. */
enum Metric {
    /** Operations, or events where watchers are many, in a second. */
    PER_SECOND("per second", true),
    /** CPU time of all nodes for one of those, in microseconds. */
    SERVER_CPU("server µs/op", false),
    /** CPU time of the load's process likewise. */
    CLIENT_CPU("client µs/op", false),
    P50("p50 ms", false),
    P99("p99 ms", false),
    P999("p99.9 ms", false),
    /** From the moment at which a holder begins to give a lock back that others want until the next one has it. */
    HAND_OVER_P50("hand-over p50 ms", false),
    HAND_OVER_P99("hand-over p99 ms", false),
    /** Bytes that all nodes wrote to the disk for one operation. */
    DISK("disk B/op", false),
    /** Resident memory of the largest node in MiB. */
    RESIDENT("RSS MiB", false),
    /** How long it took, for what happens once. */
    MILLIS("ms", false),
    /** Part of the operations that failed, in percent. */
    ERRORS("errors %", false),
    /** Cores that processes took which are neither nodes nor load: how far to trust the rest. */
    OTHERS("other cores", false);

    private final String title;
    private final boolean moreIsBetter;

    Metric(String title, boolean moreIsBetter) {
        this.title = title;
        this.moreIsBetter = moreIsBetter;
    }

    /** Its name with the unit. */
    String title() {
        return title;
    }

    boolean moreIsBetter() {
        return moreIsBetter;
    }

    /** Its name for programs. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
