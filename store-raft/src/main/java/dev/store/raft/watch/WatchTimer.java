package dev.store.raft.watch;

import java.time.Duration;

/** Runs something later. */
@FunctionalInterface
public interface WatchTimer {
    /** Runs the task once, on any thread, when the delay has passed. The task never blocks. */
    void schedule(Runnable task, Duration delay);
}
