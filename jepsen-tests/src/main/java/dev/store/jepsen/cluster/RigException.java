package dev.store.jepsen.cluster;

import org.jspecify.annotations.Nullable;

/** The rig could not do what it was told, or the cluster did not get where it was waited for. */
public class RigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RigException(String message) {
        super(message);
    }

    public RigException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
