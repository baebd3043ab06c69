package dev.store.jepsen.workload;

/** Traffic of one kind, with everything that it needs to be judged by its history alone. */
public interface Workload extends AutoCloseable {
    /** Prepares what must be there before faults begin. */
    default void prepare() {}

    /** Begins. */
    void start();

    /** Ends; every client finishes the call it is in. */
    @Override
    void close();

    /** Last reads, once the cluster is whole again; they must succeed. */
    default void finish() {}
}
