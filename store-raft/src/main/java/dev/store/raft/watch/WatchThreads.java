package dev.store.raft.watch;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * What the hub runs on. A test that hands in queues and a clock of its own decides every interleaving.
 *
 * @param dispatcher runs the one dispatcher, of which no two parts ever run at once; never blocks
 * @param catchUp runs reads of history and of snapshots, which block on storage; a few threads, first come first served
 * @param timer for progress notifications and for retries
 * @param nanoClock monotonic time in ns
 */
public record WatchThreads(Executor dispatcher, Executor catchUp, WatchTimer timer, LongSupplier nanoClock) {
    public WatchThreads {
        Objects.requireNonNull(dispatcher, "dispatcher");
        Objects.requireNonNull(catchUp, "catchUp");
        Objects.requireNonNull(timer, "timer");
        Objects.requireNonNull(nanoClock, "nanoClock");
    }
}
