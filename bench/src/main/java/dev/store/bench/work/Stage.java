package dev.store.bench.work;

/** On what kind of cluster a work is measured; the works of one stage share a cluster. */
public enum Stage {
    /** Holds all keys and was started anew after they were put, so that no write is fresh. */
    READS,
    /** Began empty. */
    WRITES,
    /** Holds as many keys as the works on it say, and was started anew after they were put. */
    FILLED,
    /** A cluster for this work alone, and one figure rather than load. */
    EVENT
}
