package dev.store.bench.load;

/** Keeps logical clients busy from its start until it is stopped. */
interface Loop {
    void start();

    /** Starts no further operation. */
    void stop();

    /** Operations that have started and not ended. */
    int inFlight();
}
