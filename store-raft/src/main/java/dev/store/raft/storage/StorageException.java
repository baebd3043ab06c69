package dev.store.raft.storage;

import org.jspecify.annotations.Nullable;

/** The storage failed. Nothing may go on as if it had not: the process must stop. */
public final class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StorageException(String message, @Nullable Throwable cause) {
        super(cause == null ? message : message + ": " + cause.getMessage(), cause);
    }
}
