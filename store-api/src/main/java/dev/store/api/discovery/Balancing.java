package dev.store.api.discovery;

/** How calls are spread over instances. */
public enum Balancing {
    /** One after the other. */
    ROUND_ROBIN,
    /** By chance. */
    RANDOM,
    /** In proportion to weights, smoothly: never many in a row for the heavy one. */
    WEIGHTED,
    /** Of two by chance, the one with fewer calls under way for its weight. */
    LEAST_REQUESTS,
    /** Of two by chance, the one whose latency, as peaks are remembered and fade, promises to be lower. */
    PEAK_EWMA,
    /** By the key of the call, so that equal keys meet the same instance; bounded, so that a hot key overloads none. */
    CONSISTENT_HASH
}
