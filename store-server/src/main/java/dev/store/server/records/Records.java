package dev.store.server.records;

import dev.store.api.v1.ReadOptions;
import dev.store.raft.Replica;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.server.edge.Reads;
import dev.store.server.edge.Replies;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The way of the faces to the keyspace: propose a transaction over records, and know how fresh a view is. */
public final class Records {
    private final Replica replica;
    private final Reads reads;
    private final RecordFeed feed;
    private final Duration patience;

    /**
     * Makes the way.
     *
     * @param patience longest wait for a view to catch up
     */
    public Records(Replica replica, Reads reads, RecordFeed feed, Duration patience) {
        this.replica = replica;
        this.reads = reads;
        this.feed = feed;
        this.patience = patience;
    }

    /** Proposes a command, and fails with the error that applying it ended with. */
    public CompletableFuture<CommandResult> commit(Command command) {
        return replica.propose(command).thenApply(Replies::successful);
    }

    /** Evaluated reads of the keyspace itself. */
    public Reads reads() {
        return reads;
    }

    /**
     * Completes, with the revision that the views show, once they are as fresh as the options demand: at once for a
     * serializable read of a loaded view, after a round of messages to a majority for a linearizable one.
     */
    public CompletableFuture<Long> fresh(ReadOptions options) {
        return switch (options.getConsistency()) {
            case READ_CONSISTENCY_SERIALIZABLE -> feed.await(options.getAtLeastRevision(), patience);
            default ->
                // The keyspace tells the revision that the views in memory must reach.
                reads.fresh(options).thenCompose(revision -> feed.await(revision, patience));
        };
    }
}
