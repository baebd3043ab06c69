package dev.store.jepsen.nemesis;

/** Does one fault from its beginning to its healing. */
interface Harm {
    /**
     * Hurts the cluster and heals it again, but for the time that it needs to recover.
     *
     * @return the proof that it bit, in words
     * @throws dev.store.jepsen.cluster.RigException if it did not bite
     */
    String inflict(Scene scene);
}
