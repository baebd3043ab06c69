package dev.store.jepsen.cluster;

/** What connects the nodes of a cluster with each other and with the rig. */
interface Network extends AutoCloseable {
    /** Makes a place for a node. */
    Place place(String node);

    /** Address of the rig as the nodes see it. */
    String rigHost();

    /** Removes everything that was made; never fails half way. */
    @Override
    void close();
}
