package dev.store.api.discovery;

/** A watch of services, which goes on until it is closed. */
public interface ServiceWatch extends AutoCloseable {
    /** Ends it; no update begins after this returned. */
    @Override
    void close();
}
