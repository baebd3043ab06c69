package dev.store.raft.consensus;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.LogBatch;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One entry of the log on its way, with those who wait for its results. The leader's apply thread finds it in Ratis'
 * context of the entry, so that the leader never parses what it has just built.
 */
final class PendingBatch {
    /** To wake another thread costs more than so many answers, which are only queued for an event loop. */
    private static final int FEW = 4;

    /** A command that waits to be proposed, or for its result. */
    record Waiting(Command command, int bytes, long queuedAt, CompletableFuture<CommandResult> result) {}

    private final LogBatch batch;
    private final List<Waiting> waiting;
    private final Executor replies;
    private final Consumer<PendingBatch> whenDone;
    private final AtomicBoolean done = new AtomicBoolean();
    private final long submittedAt = System.nanoTime();
    private volatile boolean appended;

    PendingBatch(LogBatch batch, List<Waiting> waiting, Executor replies, Consumer<PendingBatch> whenDone) {
        this.batch = batch;
        this.waiting = waiting;
        this.replies = replies;
        this.whenDone = whenDone;
    }

    LogBatch batch() {
        return batch;
    }

    /** How many commands are in it. */
    int commands() {
        return waiting.size();
    }

    long ageNanos() {
        return System.nanoTime() - submittedAt;
    }

    /** The entry is being put into the leader's log: from here on a failure no longer means that nothing happened. */
    void appending() {
        appended = true;
    }

    /** The entry was applied on this member. Called on the apply thread: many answers go out on another one. */
    void applied(List<CommandResult> results) {
        if (results.size() != waiting.size()) {
            failed("the entry was applied before");
            return;
        }
        if (done.compareAndSet(false, true)) {
            whenDone.accept(this);
            if (results.size() <= FEW) {
                answer(results);
            } else {
                replies.execute(() -> answer(results));
            }
        }
    }

    private void answer(List<CommandResult> results) {
        for (int i = 0; i < results.size(); i++) {
            waiting.get(i).result().complete(results.get(i));
        }
    }

    /** Ratis has given the entry up. Does nothing if it was applied. */
    void failed(String reason) {
        if (done.compareAndSet(false, true)) {
            whenDone.accept(this);
            StoreException error = appended
                    ? new StoreException(
                            ErrorCode.OUTCOME_UNKNOWN,
                            "outcome unknown: " + reason + " after the change was proposed; it may still take effect")
                    : new StoreException(ErrorCode.NO_LEADER, "no leader: " + reason + "; nothing was proposed");
            replies.execute(() -> waiting.forEach(w -> w.result().completeExceptionally(error)));
        }
    }
}
