package dev.store.raft.watch;

import dev.store.raft.NamedThreads;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads of a hub that has its own: one dispatcher, two that read, one timer. */
final class HubThreads {
    private static final Logger LOG = LoggerFactory.getLogger(HubThreads.class);
    private static final int READERS = 2;

    private final ExecutorService dispatcher = Executors.newSingleThreadExecutor(new NamedThreads("watch-dispatcher"));
    private final ExecutorService catchUp = Executors.newFixedThreadPool(READERS, new NamedThreads("watch-catch-up"));
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1, new NamedThreads("watch-timer"));

    WatchThreads asWatchThreads() {
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return new WatchThreads(dispatcher, catchUp, this::schedule, System::nanoTime);
    }

    void shutdown() {
        timer.shutdown();
        catchUp.shutdown();
        dispatcher.shutdown();
    }

    private void schedule(Runnable task, Duration delay) {
        try {
            var unused = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("the watch hub was closed", e);
        }
    }
}
