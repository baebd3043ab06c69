package dev.store.server.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import dev.store.raft.Replica;
import dev.store.raft.keyspace.RecordKey;
import dev.store.raft.keyspace.RecordKind;
import dev.store.raft.keyspace.ScopedKey;
import dev.store.server.edge.Reads;
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
    private final Reads reads;

    Origin(Replica replica, Reads reads) {
        this.replica = replica;
        this.reads = reads;
    }

    /** Completes when the keyspace has a revision, and this member shows it. */
    CompletableFuture<Void> mark() {
        return replica.propose(RecordCommand.in(ScopedKey.DEFAULT_NAMESPACE)
                        .whenMissing(KEY)
                        .put(KEY, Empty.getDefaultInstance())
                        .build())
                .thenApply(Replies::successful)
                .thenCompose(result -> reads.fresh(EtcdLeases.atLeast(result.getRevision())))
                .thenAccept(revision -> {});
    }
}
