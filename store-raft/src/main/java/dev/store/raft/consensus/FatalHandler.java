package dev.store.raft.consensus;

import org.jspecify.annotations.Nullable;

/**
 * Is told when a member must not go on: its disk, log or state failed, it was removed, or it diverged. In production the
 * process ends; it must not live on as a zombie that holds a place in the cluster.
 */
@FunctionalInterface
public interface FatalHandler {
    /**
     * Ends the member. May be called by any thread, also while locks are held: it must not wait for
     * the replica.
     *
     * @param reason what happened and what to do, for people
     * @param cause what was thrown, if anything was
     */
    void fatal(String reason, @Nullable Throwable cause);
}
