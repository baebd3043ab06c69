package dev.store.server;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All threads of the edge: event loops, pumps of watch streams, and one for periodic jobs. */
final class NodeThreads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeThreads.class);

    /**
     * Half of the processors: the others are for Raft and for applying. Every further loop splits what could be read and
     * written together, and wakes another thread for what passes from a client's connection to a member's: with two
     * loops on two processors a linearizable get took seven times the CPU that it takes with one.
     */
    private static final int SHARE = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private final EventLoopGroup eventLoops =
            new MultiThreadIoEventLoopGroup(SHARE, factory("store-io"), NioIoHandler.newFactory());
    private final ExecutorService watches = Executors.newFixedThreadPool(SHARE, factory("store-watch"));
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, factory("store-timer"));

    private final ExecutorService background = Executors.newSingleThreadExecutor(factory("store-background"));

    NodeThreads() {
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    EventLoopGroup eventLoops() {
        return eventLoops;
    }

    Executor watches() {
        return watches;
    }

    Executor background() {
        return background;
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    /** Runs a job again and again; a failure is logged and does not end it. */
    void every(Duration interval, String name, Runnable job) {
        Runnable guarded = () -> {
            try {
                job.run();
            } catch (RuntimeException e) {
                LOG.error("periodic job failed: job={}", name, e);
            }
        };
        // Ends with the timer; its failures are logged above.
        var unused = timer.scheduleWithFixedDelay(guarded, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    void stopJobs() {
        timer.shutdown();
        try {
            timer.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        watches.shutdown();
        background.shutdown();
        eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }

    private static ThreadFactory factory(String name) {
        return new DefaultThreadFactory(name, true);
    }
}
