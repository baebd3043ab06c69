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
import java.util.function.Supplier;

/**
 * Sees to it that there is a first revision before anything else is read or made by this protocol. A keyspace that nobody
 * has written to is at revision 0, which an etcd client takes for "none": Kubernetes refuses it, and the library's locks,
 * which wait for keys made before their own, would take a key made at revision 1 for one with no bound. etcd begins at 1 and
 * makes its first key at 2. So a mark is put among the records, which ordinary ranges do not show, and all revisions are
 * the same in both protocols.
 */
final class Origin {
    private static final ByteString KEY = RecordKey.of(RecordKind.ORIGIN);

    private final Replica replica;
    private final Reads reads;
    private volatile boolean seen;

    Origin(Replica replica, Reads reads) {
        this.replica = replica;
        this.reads = reads;
    }

    /** Does something as soon as the keyspace has a revision. */
    <T> CompletableFuture<T> before(Supplier<CompletableFuture<T>> work) {
        if (!seen) {
            seen = replica.info().revision() > 0;
        }
        return seen ? work.get() : mark().thenCompose(marked -> work.get());
    }

    /** Completes when this member shows a revision. */
    private CompletableFuture<Void> mark() {
        return replica.propose(RecordCommand.in(ScopedKey.DEFAULT_NAMESPACE)
                        .whenMissing(KEY)
                        .put(KEY, Empty.getDefaultInstance())
                        .build())
                .thenApply(Replies::successful)
                .thenCompose(result -> reads.fresh(EtcdLeases.atLeast(result.getRevision())))
                .thenAccept(revision -> {});
    }
}
