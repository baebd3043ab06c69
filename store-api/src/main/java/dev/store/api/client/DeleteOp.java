package dev.store.api.client;

import dev.store.api.v1.Delete;
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
