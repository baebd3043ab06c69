package dev.store.jepsen.cluster;

/** A fault had no effect, so that the run with it shows nothing. */
public final class NoBiteException extends RigException {
    private static final long serialVersionUID = 1L;

    public NoBiteException(String message) {
        super(message);
    }
}
