package dev.store.bench.load;

/** Something that a logical client does again and again. */
@FunctionalInterface
public interface Operation {
    /**
     * Starts it once; returns at once, and tells the outcome later, on any thread, exactly once.
     *
     * @param client number of the logical client, which does one operation at a time
     */
    void start(int client, Done done);

    /** Is told how an operation ended. */
    interface Done {
        void succeeded();

        /** It ended with an error of this code. */
        void failed(String code);
    }
}
