package dev.store.server.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import dev.store.raft.Replica;
import dev.store.raft.keyspace.RecordKey;
import dev.store.raft.keyspace.RecordKind;
import dev.store.raft.keyspace.ScopedKey;
import dev.store.raft.v1.CommandResult;
import dev.store.server.edge.Replies;
import dev.store.server.records.RecordCommand;
import java.util.concurrent.CompletableFuture;

/**
 * Sees to it that there is a first revision. A keyspace that nobody has written to is at revision 0, which an etcd client
 * takes for "none" (Kubernetes refuses it); etcd begins at 1. So who reads an empty keyspace by this protocol first has a
 * mark put among the records, which ordinary ranges do not show, and all revisions are the same in both protocols.
 */
final class Origin {
    private static final ByteString KEY = RecordKey.of(RecordKind.ORIGIN);

    private final Replica replica;

    Origin(Replica replica) {
        this.replica = replica;
    }

    /** Completes when the keyspace has a revision. */
    CompletableFuture<Void> mark() {
        return replica.propose(RecordCommand.in(ScopedKey.DEFAULT_NAMESPACE)
                        .whenMissing(KEY)
                        .put(KEY, Empty.getDefaultInstance())
                        .build())
                .thenApply(Replies::successful)
                .thenApply(CommandResult::getRevision)
                .thenAccept(revision -> {});
    }
}
