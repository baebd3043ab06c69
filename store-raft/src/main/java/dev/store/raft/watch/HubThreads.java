package dev.store.raft.watch;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads of a hub that has its own: one dispatcher, two that read, one timer. */
final class HubThreads {
    private static final Logger LOG = LoggerFactory.getLogger(HubThreads.class);
    private static final int READERS = 2;

    private final ExecutorService dispatcher = Executors.newSingleThreadExecutor(named("watch-dispatcher"));
    private final ExecutorService catchUp = Executors.newFixedThreadPool(READERS, named("watch-catch-up"));
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, named("watch-timer"));

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

    private static ThreadFactory named(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
