package dev.store.api.client;

import dev.store.api.v1.Delete;
import dev.store.api.v1.LockGuard;
import java.util.Objects;

/** A deletion of keys. Made by {@link Op#delete}; immutable. Deleting nothing is not an error. */
public final class DeleteOp implements Op {
    private final Delete delete;

    private DeleteOp(Delete delete) {
        this.delete = delete;
    }

    static DeleteOp of(Keys keys) {
        return new DeleteOp(Delete.newBuilder().setKeys(keys.toProto()).build());
    }

    /** Also answers with the deleted entries, of which there may be at most 4 MiB. */
    public DeleteOp returnPrevious() {
        return new DeleteOp(delete.toBuilder().setReturnPrevious(true).build());
    }

    /** Demands that a lock is still held under this token; else LOCK_NOT_HELD, and nothing is changed. At most 16. */
    public DeleteOp requireLock(String name, long token) {
        return new DeleteOp(delete.toBuilder()
                .addRequiredLocks(LockGuard.newBuilder().setName(name).setToken(token))
                .build());
    }

    Delete toProto() {
        return delete;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DeleteOp that && delete.equals(that.delete);
    }

    @Override
    public int hashCode() {
        return Objects.hash(delete);
    }

    @Override
    public String toString() {
        return "delete " + delete.getKeys();
    }
}
