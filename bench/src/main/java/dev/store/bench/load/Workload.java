package dev.store.bench.load;

/** A kind of load: what it needs before it starts, and what its clients do. */
public interface Workload extends AutoCloseable {
    /** Its name, with what distinguishes it from others of its kind. */
    String name();

    /** Makes what the operations need, such as keys, leases or watches; blocks until it is there. */
    void prepare();

    /** What each client does. */
    Operation operation();

    /** Lets go of what was prepared. */
    @Override
    void close();

    /** A workload that needs nothing beforehand. */
    static Workload of(String name, Operation operation) {
        return new Workload() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void prepare() {}

            @Override
            public Operation operation() {
                return operation;
            }

            @Override
            public void close() {}
        };
    }
}
