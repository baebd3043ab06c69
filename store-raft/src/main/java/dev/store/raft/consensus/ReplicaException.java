package dev.store.raft.consensus;

import org.jspecify.annotations.Nullable;

/** A replica cannot start, or a snapshot cannot be restored; the message says why and what to do, to the operator. */
public final class ReplicaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ReplicaException(String message) {
        super(message);
    }

    public ReplicaException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
